package io.tocsin.cli.stack;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.NullUnmarked;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the mail sink; prints one line when it is ready. */
@NullUnmarked
@Command(
    name = MailSinkCommand.NAME,
    hidden = true,
    description = "Run the mail sink: SMTP on 127.0.0.1, one .eml file per message.")
public final class MailSinkCommand implements Callable<Integer> {

  /** The command's and the part's name. */
  public static final String NAME = "mail-sink";

  @Spec private CommandSpec spec;

  @Option(names = "--mail", required = true, description = "The folder of the .eml files.")
  private Path mailDir;

  @Option(names = "--port", defaultValue = "0", description = "Port; 0 means any free one.")
  private int port;

  @Option(
      names = "--full-times",
      defaultValue = "2",
      description = "How often a 'full...' mailbox is refused before it accepts.")
  private int fullTimes;

  @Option(
      names = "--max-connections",
      defaultValue = "512",
      description = "Connections served at once.")
  private int maxConnections;

  @Option(names = "--watch-stdin", description = "End when standard input ends.")
  private boolean watchStdin;

  @Override
  public Integer call() throws Exception {
    var sink = MailSink.start(new MailSinkSettings(mailDir, port, maxConnections, fullTimes));
    spec.commandLine().getOut().println("mail-sink ready on 127.0.0.1:" + sink.port());
    return ServerLife.run(sink, watchStdin);
  }
}
