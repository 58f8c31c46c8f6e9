package io.tocsin.cli.parts;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tocsin.cli.CommandException;
import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.Output;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.part.Part;
import io.tocsin.schemas.part.PartServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Runs parts until SIGTERM or SIGINT, which finish what is in flight. Health and metrics are served
 * from the first moment on; one line on standard output says where, once the parts do their work. A
 * part that cannot go on ends the process with 1.
 */
final class PartRunner {

  private static final Logger log = LoggerFactory.getLogger(PartRunner.class);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final String name;
  private final TocsinConfig config;
  private final Output out;
  private final List<Part> parts = new CopyOnWriteArrayList<>();
  private final CountDownLatch stopping = new CountDownLatch(1);

  private volatile boolean started;

  /**
   * Prepares a run.
   *
   * @param name the command's name
   */
  PartRunner(String name, TocsinConfig config, Output out) {
    this.name = name;
    this.config = config;
    this.out = out;
  }

  /**
   * Runs until the process is told to stop.
   *
   * @throws CommandException if what the parts need does not come, or one of them cannot go on
   */
  int run(List<PartCommand.Starter> starters) throws Exception {
    LoggingEventBuilder event = log.atInfo().addKeyValue("part", name);
    for (Map.Entry<String, String> setting : config.redacted().entrySet()) {
      event = event.addKeyValue(setting.getKey(), setting.getValue());
    }
    event.log("Effective configuration");
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (JvmGcMetrics gc = new JvmGcMetrics();
        PartServer server = serve(metrics)) {
      bind(metrics, gc);
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(this::stop));
      new Dependencies(config).await();
      for (PartCommand.Starter starter : starters) {
        parts.add(starter.start(config, metrics, server::handle));
      }
      started = true;
      return untilStopped(server.port());
    }
  }

  private int untilStopped(int port) throws InterruptedException {
    boolean announced = false;
    while (!stopping.await(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
      Optional<String> fault = unhealthy();
      if (fault.isPresent()) {
        throw CommandException.failed(fault.get());
      }
      if (!announced && unready().isEmpty()) {
        announced = true;
        announce("http://" + config.string(CommonKeys.HTTP_HOST) + ":" + port);
      }
    }
    return ExitCodes.OK;
  }

  private void announce(String http) {
    if (out.format() == Output.Format.JSON) {
      Map<String, Object> ready = new LinkedHashMap<>();
      ready.put("part", name);
      ready.put("ready", true);
      ready.put("http", http);
      out.properties(ready);
    } else {
      out.say(name + " ready on " + http);
    }
    log.atInfo().addKeyValue("part", name).addKeyValue("http", http).log("Part is ready");
  }

  /** Last started, first stopped. */
  private void stop() {
    stopping.countDown();
    for (Part part : new ArrayList<>(parts).reversed()) {
      try {
        part.close();
        log.atInfo().addKeyValue("part", part.name()).log("Part stopped");
      } catch (RuntimeException e) {
        log.atError()
            .addKeyValue("part", part.name())
            .addKeyValue("reason", e.getClass().getSimpleName())
            .log("Part did not stop cleanly");
      }
    }
  }

  private Optional<String> unhealthy() {
    return parts.stream().map(Part::unhealthy).flatMap(Optional::stream).findFirst();
  }

  private Optional<String> unready() {
    if (stopping.getCount() == 0) {
      return Optional.of("The " + name + " is stopping");
    }
    return started
        ? parts.stream().map(Part::unready).flatMap(Optional::stream).findFirst()
        : Optional.of("The " + name + " is starting");
  }

  private PartServer serve(PrometheusMeterRegistry metrics) throws IOException {
    return PartServer.start(
        config.string(CommonKeys.HTTP_HOST),
        config.integer(CommonKeys.HTTP_PORT),
        this::unhealthy,
        this::unready,
        metrics);
  }

  private void bind(PrometheusMeterRegistry metrics, JvmGcMetrics gc) {
    metrics.config().commonTags("part", name);
    new JvmMemoryMetrics().bindTo(metrics);
    new JvmThreadMetrics().bindTo(metrics);
    new ProcessorMetrics().bindTo(metrics);
    gc.bindTo(metrics);
  }
}
