package io.tocsin.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BrokerIT {

  @TempDir Path folder;

  @Test
  void shouldKeepCommittedRecordsThroughARestartOnTheSamePort() throws Exception {
    // Given
    BrokerSettings settings;
    try (var broker = Broker.start(BrokerSettings.in(folder))) {
      createTopic(broker.bootstrapServers(), "events");
      produceInTransaction(broker.bootstrapServers(), "first", true);
      produceInTransaction(broker.bootstrapServers(), "aborted", false);
      settings = broker.settings();
    }

    // When
    try (var broker = Broker.start(settings)) {
      produceInTransaction(broker.bootstrapServers(), "second", true);

      // Then
      assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + settings.port());
      assertThat(consume(broker.bootstrapServers(), 2)).containsExactly("first", "second");
    }
  }

  @Test
  void shouldKeepCommittedRecordsWhenItsProcessIsKilled() throws Exception {
    // Given
    var killed = BrokerProcess.start(folder, 0);
    createTopic(killed.bootstrapServers(), "events");
    produceInTransaction(killed.bootstrapServers(), "first", true);
    int port = Integer.parseInt(killed.bootstrapServers().split(":", 2)[1]);

    // When
    killed.kill();

    // Then
    try (var broker = Broker.start(BrokerSettings.in(folder).withPort(port))) {
      produceInTransaction(broker.bootstrapServers(), "second", true);
      assertThat(consume(broker.bootstrapServers(), 2)).containsExactly("first", "second");
    }
  }

  @Test
  void shouldOfferTheFeaturesThatExactlyOnceNeeds() throws Exception {
    // When
    try (var broker = Broker.start(BrokerSettings.in(folder))) {

      // Then
      assertThat(broker.features()).containsEntry("transaction.version", (short) 2);
      assertThat(broker.features()).containsKeys("group.version", "streams.version");
    }
  }

  @Test
  void shouldSayWhichPortIsTaken() throws Exception {
    try (var broker = Broker.start(BrokerSettings.in(folder.resolve("one")))) {
      // Given
      int port = broker.settings().port();

      // When, then
      assertThatThrownBy(
              () -> Broker.start(BrokerSettings.in(folder.resolve("two")).withPort(port)))
          .isInstanceOf(IOException.class)
          .hasMessage("port " + port + " of 127.0.0.1 is taken");
    }
  }

  private static void createTopic(String bootstrapServers, String name) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get(30, TimeUnit.SECONDS);
    }
  }

  private static void produceInTransaction(String bootstrapServers, String value, boolean commit) {
    Map<String, Object> config =
        Map.of("bootstrap.servers", bootstrapServers, "transactional.id", "broker-it");
    try (var producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      var sent = producer.send(new ProducerRecord<>("events", "key", value));
      producer.flush();
      assertThat(sent).isDone();
      if (commit) {
        producer.commitTransaction();
      } else {
        producer.abortTransaction();
      }
    }
  }

  private static List<String> consume(String bootstrapServers, int expected) {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers", bootstrapServers,
            "group.id", "broker-it",
            "auto.offset.reset", "earliest",
            "isolation.level", "read_committed");
    var values = new ArrayList<String>();
    try (var consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of("events"));
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (values.size() < expected && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(200)).forEach(r -> values.add(r.value()));
      }
      consumer.commitSync();
    }
    return values;
  }
}
