package io.tocsin.streams;

import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.part.Part;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A topology at work, exactly once (KIP-447): what a record causes is visible to others together
 * with its being passed, or not at all.
 *
 * <p>Ready means: every thread owns its share of partitions, their state is restored, and no thread
 * has failed of late.
 */
public final class StreamsPart implements Part {

  private static final Logger log = LoggerFactory.getLogger(StreamsPart.class);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

  private final StreamsContext context;
  private final KafkaStreams streams;
  private final Recovery recovery;
  private final StateMemory memory;
  private final KafkaStreamsMetrics metrics;

  private StreamsPart(
      StreamsContext context, KafkaStreams streams, Recovery recovery, StateMemory memory) {
    this.context = context;
    this.streams = streams;
    this.recovery = recovery;
    this.memory = memory;
    this.metrics = new KafkaStreamsMetrics(streams);
  }

  /**
   * Starts a topology. It owns the context from now on, and closes its registry connection.
   *
   * @param applicationId consumer group, and prefix of internal topics and transactional ids
   * @throws PartStartException in one sentence: the brokers do not answer, the topics are not as
   *     they should be, a setting is wrong
   */
  public static StreamsPart start(StreamsContext context, String applicationId, Topology topology) {
    return start(context, applicationId, topology, Map.of());
  }

  /**
   * As {@link #start(StreamsContext, String, Topology)}, with defaults of the part's own for
   * settings of Kafka Streams and its clients; the configuration overrides them.
   */
  public static StreamsPart start(
      StreamsContext context,
      String applicationId,
      Topology topology,
      Map<String, Object> defaults) {
    try {
      checkBrokers(context);
      return started(context, applicationId, topology, defaults);
    } catch (PartStartException e) {
      context.registry().close();
      throw e;
    }
  }

  private static StreamsPart started(
      StreamsContext context,
      String applicationId,
      Topology topology,
      Map<String, Object> defaults) {
    Path stateDir = Path.of(context.config().string(StreamsKeys.STATE_DIR));
    Properties properties = StreamsProperties.of(context, applicationId, stateDir, defaults);
    String instanceId = InstanceId.in(stateDir, applicationId);
    properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instanceId);
    StateMemory memory = new StateMemory(context.config().integer(StreamsKeys.STATE_MEMORY_MB));
    properties.putAll(memory.config());
    KafkaStreams streams;
    try {
      streams =
          new KafkaStreams(topology, properties, new OwnTransactions(applicationId, instanceId));
    } catch (ConfigException | StreamsException e) {
      memory.close();
      throw new PartStartException(
          "The " + context.part() + " cannot start: " + Recovery.sentence(e), e);
    }
    Recovery recovery = new Recovery(context.part(), Clock.systemUTC());
    streams.setUncaughtExceptionHandler(recovery);
    streams.setStateListener((after, before) ->
        log.atInfo()
            .addKeyValue("part", context.part())
            .addKeyValue("state", after)
            .log("State changed"));
    StreamsPart part = new StreamsPart(context, streams, recovery, memory);
    part.metrics.bindTo(context.meters());
    streams.start();
    return part;
  }

  @Override
  public String name() {
    return context.part();
  }

  @Override
  public Optional<String> unhealthy() {
    State state = streams.state();
    return state.hasCompletedShutdown() || state == State.PENDING_ERROR
        ? Optional.of("The " + name() + " has stopped" + because())
        : Optional.empty();
  }

  @Override
  public Optional<String> unready() {
    State state = streams.state();
    if (recovery.failure().isPresent()) {
      return Optional.of("The " + name() + " is recovering" + because());
    }
    return switch (state) {
      case RUNNING -> Optional.empty();
      case CREATED, REBALANCING ->
          Optional.of(
              "The "
                  + name()
                  + " is taking over partitions and restoring their state ("
                  + ThreadProgress.of(streams.metrics())
                  + ")");
      case PENDING_SHUTDOWN, NOT_RUNNING, PENDING_ERROR, ERROR ->
          Optional.of("The " + name() + " has stopped" + because());
    };
  }

  /** Commits what is under way, gives the partitions back, and stops; after 30 s without. */
  @Override
  public void close() {
    recovery.close();
    // Leaving the group lets a restart, or another instance, take over at once instead of after the
    // session time-out.
    streams.close(
        CloseOptions.timeout(LONGEST_STOP)
            .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
    metrics.close();
    if (streams.state().hasCompletedShutdown()) {
      memory.close();
    }
    context.registry().close();
  }

  private String because() {
    return recovery.failure().map(reason -> ": " + reason).orElse("");
  }

  private static void checkBrokers(StreamsContext context) {
    String servers = context.config().string(CommonKeys.BOOTSTRAP_SERVERS);
    long timeout = context.config().number(StreamsKeys.START_TIMEOUT_MS);
    Map<String, Object> properties = context.config().kafka();
    properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
    properties.put(AdminClientConfig.CLIENT_ID_CONFIG, "tocsin-" + context.part() + "-start");
    try (Admin admin = Admin.create(properties)) {
      admin.describeCluster().nodes().get(timeout, TimeUnit.MILLISECONDS);
      context.check().run(admin, context.config());
    } catch (TimeoutException e) {
      throw unreachable(servers, timeout, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
        throw unreachable(servers, timeout, e);
      }
      throw new PartStartException(
          "Kafka at " + servers + " refuses the " + context.part() + ": " + Recovery.sentence(e),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PartStartException("Interrupted while starting", e);
    } catch (KafkaException e) {
      throw new PartStartException(
          "Cannot talk to Kafka at " + servers + ": " + Recovery.sentence(e), e);
    }
  }

  private static PartStartException unreachable(String servers, long timeout, Exception cause) {
    return new PartStartException(
        "Kafka at "
            + servers
            + " did not answer within "
            + timeout
            + " ms; check that it runs and that "
            + CommonKeys.BOOTSTRAP_SERVERS
            + " is right",
        cause);
  }
}
