package io.tocsin.cli.stack;

import io.tocsin.broker.Broker;
import io.tocsin.broker.BrokerSettings;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.NullUnmarked;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the embedded broker; prints one line when it is ready. */
@NullUnmarked
@Command(
    name = BrokerCommand.NAME,
    hidden = true,
    description = "Run the embedded Kafka broker on 127.0.0.1.")
public final class BrokerCommand implements Callable<Integer> {

  /** The command's and the part's name. */
  public static final String NAME = "broker";

  @Spec private CommandSpec spec;

  @Option(names = "--data", required = true, description = "The broker's data folder.")
  private Path dataDir;

  @Option(names = "--port", defaultValue = "0", description = "Port; 0 means any free one.")
  private int port;

  @Option(names = "--watch-stdin", description = "End when standard input ends.")
  private boolean watchStdin;

  @Override
  public Integer call() throws Exception {
    var broker = Broker.start(BrokerSettings.in(dataDir).withPort(port));
    spec.commandLine().getOut().println("broker ready on " + broker.bootstrapServers());
    return ServerLife.run(broker, watchStdin);
  }
}
