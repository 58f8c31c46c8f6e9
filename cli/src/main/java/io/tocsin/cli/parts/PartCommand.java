package io.tocsin.cli.parts;

import com.sun.net.httpserver.HttpHandler;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tocsin.cli.TocsinCommand;
import io.tocsin.cli.stack.ParentWatch;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.part.Part;
import java.util.List;
import java.util.function.BiConsumer;
import picocli.CommandLine.Option;

/** Runs one or several parts; see {@link PartRunner}. */
abstract class PartCommand extends TocsinCommand {

  @Option(
      names = "--watch-stdin",
      hidden = true,
      description = "Ends when standard input ends: for a parent process that may be killed.")
  private boolean watchStdin;

  /** How a part is started. */
  @FunctionalInterface
  interface Starter {

    /**
     * Starts a part; everything it needs is there.
     *
     * @param http takes a path and who answers there, beside health and metrics
     */
    Part start(
        TocsinConfig config, PrometheusMeterRegistry metrics, BiConsumer<String, HttpHandler> http);
  }

  /** The parts to run, in the order in which they start. */
  abstract List<Starter> starters();

  @Override
  public Integer call() throws Exception {
    if (watchStdin) {
      ParentWatch.start();
    }
    PartLogging.configure(config());
    return new PartRunner(name(), config(), out()).run(starters());
  }
}
