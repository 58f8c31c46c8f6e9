package io.tocsin.cli.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.NullUnmarked;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the Twilio stand-in; prints one line when it is ready. */
@NullUnmarked
@Command(
    name = TwilioStandInCommand.NAME,
    hidden = true,
    description = "Run the Twilio stand-in: the Messages API on 127.0.0.1, nothing is sent.")
public final class TwilioStandInCommand implements Callable<Integer> {

  /** The command's and the part's name. */
  public static final String NAME = "twilio-stand-in";

  @Spec private CommandSpec spec;

  @Option(names = "--log", required = true, description = "The JSON-lines file of all messages.")
  private Path log;

  @Option(names = "--port", defaultValue = "0", description = "Port; 0 means any free one.")
  private int port;

  @Option(names = "--account-sid", required = true, description = "The one account.")
  private String accountSid;

  @Option(
      names = "--auth-token",
      required = true,
      defaultValue = "${env:" + StackParts.AUTH_TOKEN_VARIABLE + "}",
      showDefaultValue = CommandLine.Help.Visibility.NEVER,
      description = "Its auth token; by default from the environment.")
  private String authToken;

  @Option(
      names = "--step-millis",
      defaultValue = "50",
      description = "Time between two statuses of a message.")
  private long stepMillis;

  @Option(
      names = "--max-callbacks",
      defaultValue = "32",
      description = "Status callbacks in flight at once.")
  private int maxCallbacks;

  @Option(names = "--watch-stdin", description = "End when standard input ends.")
  private boolean watchStdin;

  @Override
  public Integer call() throws Exception {
    var standIn =
        TwilioStandIn.start(
            new TwilioSettings(
                log, port, accountSid, authToken, Duration.ofMillis(stepMillis), maxCallbacks));
    spec.commandLine().getOut().println("twilio-stand-in ready on " + standIn.baseUrl());
    return ServerLife.run(standIn, watchStdin);
  }
}
