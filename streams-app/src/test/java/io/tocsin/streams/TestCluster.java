package io.tocsin.streams;

import io.tocsin.broker.Broker;
import io.tocsin.broker.BrokerSettings;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.RegistryKeys;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.seal.Keys;
import io.tocsin.schemas.serde.Registry;
import io.tocsin.schemas.topic.Topic;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.schemas.topic.TopicsServed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** A real broker with every topic, a registry in memory, and clients for both. */
public final class TestCluster implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final Broker broker;
  private final int users;
  private final int holdings;
  private final String registryUrl = "mock://" + UUID.randomUUID();
  private final Registry registry;
  private final KafkaProducer<String, byte[]> producer;
  private final List<CompletableFuture<Void>> sent = new ArrayList<>();

  private TestCluster(Path folder, Broker broker, int users, int holdings) {
    this.folder = folder;
    this.broker = broker;
    this.users = users;
    this.holdings = holdings;
    this.registry = Registry.connect(Map.of(RegistryKeys.URL, registryUrl));
    this.producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker.bootstrapServers(),
                ProducerConfig.LINGER_MS_CONFIG,
                5),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  /** Starts the broker and creates the topics. */
  public static TestCluster start(Path folder, int users, int holdings) throws Exception {
    Keys.in(folder.resolve("keys")).create();
    Broker broker = Broker.start(BrokerSettings.in(folder.resolve("broker")));
    TestCluster cluster = new TestCluster(folder, broker, users, holdings);
    try (Admin admin =
        Admin.create(
            Map.<String, Object>of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
      List<NewTopic> topics = new ArrayList<>();
      for (Topic<String, ?> topic : Topics.ALL) {
        topics.add(
            new NewTopic(topic.name(), Optional.of(cluster.partitions(topic)), Optional.empty())
                .configs(topic.kept().topicConfig()));
      }
      admin.createTopics(topics).all().get();
      TopicsServed.await(admin, topics.stream().map(NewTopic::name).toList());
    }
    return cluster;
  }

  /** How many partitions a topic has. */
  public int partitions(Topic<?, ?> topic) {
    return switch (topic.group()) {
      case SINGLE -> 1;
      case USERS -> users;
      case HOLDINGS -> holdings;
    };
  }

  /** A part's configuration; each name has a state folder of its own. */
  public TocsinConfig config(String state, Map<String, String> options) {
    Map<String, String> all = new HashMap<>();
    all.put(CommonKeys.BOOTSTRAP_SERVERS, broker.bootstrapServers());
    all.put(CommonKeys.USERS_PARTITIONS, Integer.toString(users));
    all.put(CommonKeys.HOLDINGS_PARTITIONS, Integer.toString(holdings));
    all.put(CommonKeys.KEYS_DIR, folder.resolve("keys").toString());
    all.put(RegistryKeys.URL, registryUrl);
    all.put("auto.register.schemas", "true");
    all.put(StreamsKeys.STATE_DIR, folder.resolve(state).toString());
    all.put(StreamsKeys.STATE_MEMORY_MB, "32");
    all.putAll(options);
    return TestStreams.config(all);
  }

  /** Publishes a record by Java's own partitioner; null is a tombstone. */
  public <V extends SpecificRecord> void publish(
      Topic<String, V> topic, String key, @Nullable V value) {
    publish(topic, null, key, value);
  }

  /** Publishes a record to a partition, as a producer with a partitioner of its own would. */
  public <V extends SpecificRecord> void publish(
      Topic<String, V> topic, @Nullable Integer partition, String key, @Nullable V value) {
    byte[] bytes =
        registry.serde(topic.valueType(), topic.name()).serializer().serialize(topic.name(), value);
    send(new ProducerRecord<>(topic.name(), partition, key, bytes));
  }

  /** Publishes bytes that need not be a record. */
  public void publishBytes(Topic<String, ?> topic, String key, byte[] value) {
    send(new ProducerRecord<>(topic.name(), key, value));
  }

  /**
   * Waits until everything published is acknowledged.
   *
   * @throws java.util.concurrent.CompletionException if something was not
   */
  public void flush() {
    producer.flush();
    CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).join();
    sent.clear();
  }

  /**
   * Reads a topic from its beginning, committed records only, until they are as wanted.
   *
   * @throws AssertionError after a minute
   */
  public <V extends SpecificRecord> List<ConsumerRecord<String, V>> readUntil(
      Topic<String, V> topic, Predicate<List<ConsumerRecord<String, V>>> wanted) {
    try (KafkaConsumer<String, V> consumer = consumer(topic)) {
      List<ConsumerRecord<String, V>> found = new ArrayList<>();
      Instant deadline = Instant.now().plus(PATIENCE);
      while (!wanted.test(found)) {
        if (Instant.now().isAfter(deadline)) {
          throw new AssertionError(
              "Not as wanted after %s: %d records in %s, the last is %s"
                  .formatted(
                      PATIENCE,
                      found.size(),
                      topic,
                      found.isEmpty() ? "none" : found.getLast().value()));
        }
        consumer.poll(Duration.ofMillis(100)).forEach(found::add);
      }
      return found;
    }
  }

  /** Reads what a topic holds now, committed records only. */
  public <V extends SpecificRecord> List<ConsumerRecord<String, V>> readAll(
      Topic<String, V> topic) {
    try (KafkaConsumer<String, V> consumer = consumer(topic)) {
      List<ConsumerRecord<String, V>> found = new ArrayList<>();
      Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(found::add);
      }
      return found;
    }
  }

  /** The broker's address. */
  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  @Override
  public void close() throws IOException {
    producer.close(Duration.ZERO);
    broker.close();
  }

  private void send(ProducerRecord<String, byte[]> record) {
    CompletableFuture<Void> acknowledged = new CompletableFuture<>();
    sent.add(acknowledged);
    Future<RecordMetadata> _ =
        producer.send(
            record,
            (metadata, failure) -> {
              if (failure == null) {
                acknowledged.complete(null);
              } else {
                acknowledged.completeExceptionally(failure);
              }
            });
  }

  private <V extends SpecificRecord> KafkaConsumer<String, V> consumer(Topic<String, V> topic) {
    KafkaConsumer<String, V> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker.bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                10_000),
            new StringDeserializer(),
            registry.serde(topic.valueType(), topic.name()).deserializer());
    List<TopicPartition> all = new ArrayList<>();
    for (int partition = 0; partition < partitions(topic); partition++) {
      all.add(new TopicPartition(topic.name(), partition));
    }
    consumer.assign(all);
    consumer.seekToBeginning(all);
    return consumer;
  }
}
