package io.tocsin.bench.identify;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tocsin.cli.AllKeys;
import io.tocsin.cli.stack.ParentWatch;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.part.Part;
import io.tocsin.schemas.part.PartServer;
import io.tocsin.streams.StartCheck;
import io.tocsin.streams.StreamsContext;
import io.tocsin.streams.StreamsPart;
import io.tocsin.streams.identifier.IdentifierPart;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs {@link FkJoinTopology} until SIGTERM, as the identifier is run: same settings of Kafka
 * Streams, same threads, same budget for RocksDB.
 */
@Command(name = FkJoinCommand.NAME, hidden = true)
public final class FkJoinCommand implements Callable<Integer> {

  static final String NAME = "fk-join";

  @Option(names = "--config", required = true)
  @SuppressWarnings("NullAway.Init")
  private Path config;

  @Option(names = "--set")
  private Map<String, String> settings = Map.of();

  @Option(names = "--watch-stdin")
  private boolean watchStdin;

  @Override
  public Integer call() throws Exception {
    if (watchStdin) {
      ParentWatch.start();
    }
    TocsinConfig effective = TocsinConfig.load(AllKeys.definition(), config, Map.of(), settings);
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    StreamsContext context =
        StreamsContext.open(IdentifierPart.NAME, effective, meters, StartCheck.NONE);
    Part part =
        StreamsPart.start(
            context,
            FkJoinTopology.APPLICATION_ID,
            FkJoinTopology.build(context),
            IdentifierPart.STREAMS_DEFAULTS);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(part::close));
    PartServer.start(
        effective.string(CommonKeys.HTTP_HOST),
        effective.integer(CommonKeys.HTTP_PORT),
        part::unhealthy,
        part::unready,
        meters);
    new CountDownLatch(1).await();
    return 0;
  }
}
