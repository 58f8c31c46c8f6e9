package io.tocsin.notifier.run;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka's clients with the settings that the notifier's promises rest on; the operator's own come
 * beneath.
 */
public final class KafkaClients {

  private static final int FETCH_BYTES = 4 * 1024 * 1024;

  private final Map<String, Object> operator;

  /**
   * Clients.
   *
   * @param operator what the operator set, bootstrap servers included
   */
  public KafkaClients(Map<String, Object> operator) {
    this.operator = Map.copyOf(operator);
  }

  /**
   * The producer of outcomes and receipts: idempotent, acknowledged by all replicas. It waits for
   * nothing, since a slot is held until its outcome is acknowledged, but asks a broker one thing at
   * a time: what comes meanwhile goes in the next request, so that batches are as large as the load
   * makes them.
   */
  public Producer<byte[], byte[]> outcomes() {
    Map<String, Object> config = new HashMap<>();
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 8L * 1024 * 1024);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
    config.putAll(operator);
    config.put(ProducerConfig.CLIENT_ID_CONFIG, "tocsin-notifier");
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * The consumer of a channel's commands. It has no offset reset: what to do without an offset is
   * the journal's decision.
   *
   * <p>With an instance id it is a static member (KIP-345): a process that comes back after a kill
   * takes its own partitions at once, and the others' go on undisturbed. Whoever used the id before
   * is fenced, and had written down what it intended: that is reported as UNKNOWN, as after any
   * other change of owners.
   */
  Consumer<byte[], byte[]> commands(ChannelSettings settings) {
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500);
    config.putAll(operator);
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, settings.group());
    config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        List.of(CooperativeStickyAssignor.class.getName()));
    settings.instanceId().ifPresent(id -> config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, id));
    int session = Math.toIntExact(settings.sessionTimeout().toMillis());
    config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, session);
    config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, session / 4);
    config.put(
        ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
        Math.toIntExact(Math.max(300_000, 2 * settings.drain().toMillis())));
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** The consumer of the templates topic, outside any group. */
  Consumer<byte[], byte[]> templates() {
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
    config.putAll(operator);
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, "tocsin-notifier-templates");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
