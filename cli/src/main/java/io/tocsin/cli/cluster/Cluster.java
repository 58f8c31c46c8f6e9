package io.tocsin.cli.cluster;

import io.tocsin.cli.CliKeys;
import io.tocsin.cli.CommandException;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.serde.Registry;
import io.tocsin.schemas.topic.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** A command's connection to Kafka and the schema registry. */
public final class Cluster implements AutoCloseable {

  private final TocsinConfig config;
  private final Duration patience;
  private final Admin admin;
  private @Nullable Registry registry;

  private Cluster(TocsinConfig config, Duration patience, Admin admin) {
    this.config = config;
    this.patience = patience;
    this.admin = admin;
  }

  /**
   * Connects, and waits until Kafka answers.
   *
   * @throws CommandException if it does not within {@link CliKeys#COMMAND_WAIT_MS}
   */
  public static Cluster connect(TocsinConfig config) {
    Duration patience = config.millis(CliKeys.COMMAND_WAIT_MS);
    Cluster cluster = new Cluster(config, patience, admin(config, patience));
    try {
      cluster.awaitBrokers();
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** The configuration it connects by. */
  public TocsinConfig config() {
    return config;
  }

  /** How long to wait for anything. */
  public Duration patience() {
    return patience;
  }

  /** Kafka's administration. */
  public Admin admin() {
    return admin;
  }

  /** The schema registry. */
  public synchronized Registry registry() {
    Registry known = registry;
    if (known == null) {
      known = Registry.connect(config.registry());
      registry = known;
    }
    return known;
  }

  /** A topic's serde, to be kept for as long as the topic is used. */
  public <V extends SpecificRecord> Serde<V> serde(Topic<String, V> topic) {
    return registry().serde(topic.valueType());
  }

  /** A producer of a topic's records, which loses and repeats nothing. */
  public <V extends SpecificRecord> KafkaProducer<String, V> producer(Topic<String, V> topic) {
    return new KafkaProducer<>(
        producerSettings(), new StringSerializer(), serde(topic).serializer());
  }

  /** A producer of bytes as they are. */
  public KafkaProducer<byte[], byte[]> rawProducer() {
    return new KafkaProducer<>(
        producerSettings(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Reads topics from their beginning to where they end now. */
  public TopicReader reader() {
    return new TopicReader(this);
  }

  /**
   * A consumer of committed records, as bytes.
   *
   * @param group where it keeps its offsets, which it commits itself
   */
  public KafkaConsumer<byte[], byte[]> consumer(String group) {
    return consumer(Map.of(ConsumerConfig.GROUP_ID_CONFIG, group));
  }

  KafkaConsumer<byte[], byte[]> consumer() {
    return consumer(Map.of());
  }

  private KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> own) {
    Map<String, Object> settings = config.kafka();
    settings.putAll(own);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
    settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public synchronized void close() {
    admin.close(Duration.ofSeconds(1));
    if (registry != null) {
      registry.close();
    }
  }

  private Map<String, Object> producerSettings() {
    Map<String, Object> settings = config.kafka();
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 5);
    settings.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
    settings.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 4 * 1024 * 1024);
    return settings;
  }

  private static Admin admin(TocsinConfig config, Duration patience) {
    Map<String, Object> settings = new HashMap<>(config.kafka());
    int millis = (int) patience.toMillis();
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(millis, 10_000));
    try {
      return Admin.create(settings);
    } catch (RuntimeException e) {
      if (e.getCause() instanceof ConfigException wrong) {
        throw new ConfigException(
            CommonKeys.BOOTSTRAP_SERVERS
                + " is "
                + config.string(CommonKeys.BOOTSTRAP_SERVERS)
                + ": "
                + wrong.getMessage());
      }
      throw e;
    }
  }

  private void awaitBrokers() {
    try {
      admin.describeCluster().nodes().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
      if (cause instanceof org.apache.kafka.common.errors.AuthenticationException refused) {
        throw refused;
      }
      throw CommandException.failed(
          "No answer from Kafka at "
              + config.string(CommonKeys.BOOTSTRAP_SERVERS)
              + " within "
              + patience.toMillis()
              + " ms; is it running, and is "
              + CommonKeys.BOOTSTRAP_SERVERS
              + " right?",
          cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.failed("Interrupted while waiting for Kafka", e);
    }
  }
}
