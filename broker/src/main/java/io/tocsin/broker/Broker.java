package io.tocsin.broker;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import kafka.server.StandardFaultHandlerFactory;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.common.Feature;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A one-node KRaft cluster (broker and controller) in this JVM, bound to 127.0.0.1.
 *
 * <p>When {@link #start} returns, clients can create topics, produce in transactions and consume.
 * Data acknowledged survives {@link #close} and a SIGKILL of the process; it is not forced to disk,
 * so a power cut may lose the newest. A fatal fault of the broker ends the process, as Kafka's own
 * server does.
 */
public final class Broker implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Broker.class);
  private static final short TRANSACTION_VERSION = 2;

  private final BrokerSettings settings;
  private final Metrics metrics;
  private final ControllerServer controller;
  private final BrokerServer broker;

  private Broker(
      BrokerSettings settings, Metrics metrics, ControllerServer controller, BrokerServer broker) {
    this.settings = settings;
    this.metrics = metrics;
    this.controller = controller;
    this.broker = broker;
  }

  /**
   * Starts a broker, formatting its data folder on first use.
   *
   * @throws IOException if the port is taken or the folder cannot be used
   * @throws IllegalStateException if the cluster's transaction.version is below 2, on which
   *     exactly-once processing relies (KIP-890)
   */
  public static Broker start(BrokerSettings settings) throws IOException {
    LogDir.formatIfNew(settings.dataDir());
    try (var sockets = new LoopbackSockets()) {
      int port = sockets.bind(settings.port());
      int controllerPort = sockets.bind(0);
      var started = assemble(settings.withPort(port), controllerPort, sockets);
      try {
        started.startUp();
        return started;
      } catch (RuntimeException e) {
        started.close();
        throw e;
      }
    }
  }

  private static Broker assemble(
      BrokerSettings settings, int controllerPort, LoopbackSockets sockets) {
    var config =
        KafkaConfig.fromProps(
            BrokerProperties.of(settings, settings.port(), controllerPort), false);
    var logDirs = KafkaRaftServer.initializeLogDirs(config, log, "[broker] ");
    var clusterId = logDirs._1().clusterId().orElseThrow();
    var metrics = Server.initializeMetrics(config, Time.SYSTEM, clusterId);
    var voters = QuorumConfig.parseVoterConnections(config.quorumConfig().voters());
    var shared =
        new SharedServer(
            config,
            logDirs._1(),
            Time.SYSTEM,
            metrics,
            CompletableFuture.completedFuture(voters),
            QuorumConfig.parseBootstrapServers(config.quorumConfig().bootstrapServers()),
            new StandardFaultHandlerFactory(),
            sockets);
    var broker = new BrokerServer(shared);
    var controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), logDirs._2());
    return new Broker(settings, metrics, controller, broker);
  }

  private void startUp() {
    controller.startup();
    new StaleRegistration(controller).remove();
    broker.startup();
    var level = features().getOrDefault(Feature.TRANSACTION_VERSION.featureName(), (short) 0);
    if (level < TRANSACTION_VERSION) {
      throw new IllegalStateException(
          "the broker's transaction.version is "
              + level
              + " but must be at least "
              + TRANSACTION_VERSION);
    }
    log.atInfo()
        .addKeyValue("port", settings.port())
        .addKeyValue("dataDir", settings.dataDir())
        .log("Broker started");
  }

  /** What clients put into {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return "127.0.0.1:" + settings.port();
  }

  /**
   * The settings with the port in use, so that {@code Broker.start(broker.settings())} brings a
   * closed broker back where its clients look for it.
   */
  public BrokerSettings settings() {
    return settings;
  }

  /** The cluster's finalized feature levels by name, such as {@code transaction.version}. */
  public Map<String, Short> features() {
    return broker.metadataCache().features().finalizedFeatures();
  }

  /** Waits until the broker has stopped, by {@link #close} from another thread. */
  public void awaitStop() {
    broker.awaitShutdown();
    controller.awaitShutdown();
  }

  /** Stops the broker; a second call does nothing. */
  @Override
  public void close() {
    broker.shutdown();
    controller.shutdown();
    metrics.close();
  }
}
