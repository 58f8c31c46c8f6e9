package io.tocsin.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A kill in the middle of many commits; the broker comes back on another port. */
@Timeout(120)
class KilledTransactionsIT {

  private static final String TOPIC = "events";
  private static final int PARTITIONS = 10;

  /** The more partitions a broker has, the longer it takes to notice that it leads none. */
  private static final int OTHER_PARTITIONS = 200;

  private static final int PRODUCERS = 8;
  private static final int KILLS = 2;
  private static final int COMMITS_BEFORE_A_KILL = 200;
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(20);

  @TempDir Path folder;

  @Test
  void shouldFinishEveryTransactionThatAKillInterrupts() throws Exception {
    for (int kill = 1; kill <= KILLS; kill++) {
      // Given: transactions over every partition
      try (var killed = BrokerProcess.start(folder, 0)) {
        createTopics(killed.bootstrapServers());
        try (var producers = new Committing(killed.bootstrapServers(), "run-" + kill)) {
          producers.await(COMMITS_BEFORE_A_KILL);

          // When
          killed.kill();
        }
      }

      // Then: nothing stays undecided, and all or nothing of each transaction is there
      try (var broker = Broker.start(BrokerSettings.in(folder))) {
        awaitNothingUndecided(broker.bootstrapServers());
        assertThat(partitionsByTransaction(broker.bootstrapServers()))
            .isNotEmpty()
            .allSatisfy((transaction, partitions) -> assertThat(partitions).isEqualTo(PARTITIONS));
      }
    }
  }

  private static void createTopics(String bootstrapServers) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      if (!admin.listTopics().names().get(30, TimeUnit.SECONDS).contains(TOPIC)) {
        admin
            .createTopics(
                List.of(
                    new NewTopic(TOPIC, PARTITIONS, (short) 1),
                    new NewTopic("others", OTHER_PARTITIONS, (short) 1)))
            .all()
            .get(30, TimeUnit.SECONDS);
      }
    }
  }

  /** A transaction is decided once readers of committed records may go past it. */
  private static void awaitNothingUndecided(String bootstrapServers) throws Exception {
    long deadline = System.nanoTime() + SETTLED_WITHIN.toNanos();
    try (var committed = consumer(bootstrapServers, "read_committed");
        var any = consumer(bootstrapServers, "read_uncommitted")) {
      var stable = committed.endOffsets(partitions());
      var ends = any.endOffsets(partitions());
      while (!stable.equals(ends) && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(100);
        stable = committed.endOffsets(partitions());
        ends = any.endOffsets(partitions());
      }
      assertThat(stable).as("where readers of committed records may go").isEqualTo(ends);
    }
  }

  private static Map<String, Integer> partitionsByTransaction(String bootstrapServers) {
    Map<String, Integer> found = new HashMap<>();
    try (var consumer = consumer(bootstrapServers, "read_committed")) {
      var ends = consumer.endOffsets(partitions());
      consumer.assign(partitions());
      consumer.seekToBeginning(partitions());
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(event -> found.merge(event.value(), 1, Integer::sum));
      }
    }
    return found;
  }

  private static List<TopicPartition> partitions() {
    return IntStream.range(0, PARTITIONS).mapToObj(i -> new TopicPartition(TOPIC, i)).toList();
  }

  private static KafkaConsumer<String, String> consumer(String bootstrapServers, String isolation) {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", bootstrapServers, "isolation.level", isolation),
        new StringDeserializer(),
        new StringDeserializer());
  }

  /** Producers that write one record to every partition and commit, again and again. */
  private static final class Committing implements AutoCloseable {

    private final AtomicBoolean ending = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();
    private final List<KafkaProducer<String, String>> producers = new ArrayList<>();
    private final Semaphore commits = new Semaphore(0);

    Committing(String bootstrapServers, String run) {
      for (int i = 0; i < PRODUCERS; i++) {
        String name = run + "-" + i;
        var producer = producer(bootstrapServers, name);
        producers.add(producer);
        threads.add(Thread.ofPlatform().start(() -> commitUntilTheEnd(producer, name)));
      }
    }

    void await(int number) throws InterruptedException {
      assertThat(commits.tryAcquire(number, 60, TimeUnit.SECONDS)).isTrue();
    }

    private void commitUntilTheEnd(KafkaProducer<String, String> producer, String name) {
      try {
        producer.initTransactions();
        for (int each = 0; !ending.get(); each++) {
          producer.beginTransaction();
          for (int i = 0; i < PARTITIONS; i++) {
            var _ = producer.send(new ProducerRecord<>(TOPIC, i, null, name + "/" + each));
          }
          producer.commitTransaction();
          commits.release();
        }
      } catch (KafkaException | IllegalStateException e) {
        if (!ending.get()) {
          throw e;
        }
      }
    }

    private static KafkaProducer<String, String> producer(String bootstrapServers, String id) {
      return new KafkaProducer<>(
          Map.of(
              "bootstrap.servers", bootstrapServers,
              "transactional.id", id,
              "transaction.timeout.ms", 3_000),
          new StringSerializer(),
          new StringSerializer());
    }

    @Override
    public void close() throws InterruptedException {
      ending.set(true);
      producers.forEach(producer -> producer.close(Duration.ZERO));
      for (var thread : threads) {
        thread.join();
      }
    }
  }
}
