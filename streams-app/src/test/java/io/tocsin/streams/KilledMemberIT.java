package io.tocsin.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tocsin.schemas.part.Part;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.streams.intake.IntakePart;
import io.tocsin.streams.intake.IntakeTopology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A part whose group has offsets in a transaction that nobody ended, as a kill leaves one. */
@Timeout(120)
class KilledMemberIT {

  private static final String STATE = "state";
  private static final Duration AT_ONCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  private TestCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = TestCluster.start(folder, 1, 1);
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
  }

  @Test
  void shouldEndTheTransactionOfTheProcessThatItComesBackFor() {
    // Given
    String member = InstanceId.in(folder.resolve(STATE), IntakeTopology.APPLICATION_ID);
    try (var _ = openTransaction(IntakeTopology.APPLICATION_ID + "-" + member + "-1")) {

      // When
      try (Part intake = intake()) {

        // Then
        await().atMost(AT_ONCE).until(() -> intake.unready().isEmpty());
      }
    }
  }

  @Test
  void shouldSayWhereItsThreadsAreWhileItWaits() {
    // Given
    try (var stranger = openTransaction("stranger");
        // When
        Part intake = intake()) {

      // Then
      await()
          .atMost(AT_ONCE)
          .untilAsserted(() ->
              assertThat(intake.unready())
                  .contains(
                      "The intake is taking over partitions and restoring their state"
                          + " (StreamThread-1 PARTITIONS_ASSIGNED; tasks being restored: 0)"));

      // And
      stranger.abortTransaction();
      await().atMost(AT_ONCE).until(() -> intake.unready().isEmpty());
    }
  }

  @Test
  void shouldNameTransactionsAfterMemberAndThread() {
    // When / Then
    assertThat(new OwnTransactions("app", "member").nameOf("app-3f2a-77c1-12"))
        .isEqualTo("app-member-12");
  }

  private Part intake() {
    return IntakePart.start(
        cluster.config(STATE, Map.of()), new SimpleMeterRegistry(), StartCheck.NONE);
  }

  /** It would time out only after this test has. */
  private KafkaProducer<byte[], byte[]> openTransaction(String id) {
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                cluster.bootstrapServers(),
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                id,
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                300_000),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    producer.beginTransaction();
    try (var consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                cluster.bootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG,
                IntakeTopology.APPLICATION_ID),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      producer.sendOffsetsToTransaction(
          Map.of(new TopicPartition(Topics.INCIDENTS.name(), 0), new OffsetAndMetadata(0)),
          consumer.groupMetadata());
    }
    return producer;
  }
}
