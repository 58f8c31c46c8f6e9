package io.tocsin.schemas.topic;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How many partitions every topic was made with: the compacted topic {@value #TOPIC}, key = topic,
 * value = the count in digits. Partitions added later by another hand would send a person's records
 * to two tasks; the record is how that is noticed.
 */
final class PartitionRecord {

  static final String TOPIC = "tocsin.topics";

  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
  private static final Duration POLL = Duration.ofMillis(200);

  private final Map<String, Object> kafka;

  PartitionRecord(Map<String, Object> kafka) {
    this.kafka = Map.copyOf(kafka);
  }

  /** The recorded counts; the topic must exist. */
  Map<String, Integer> read() {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    Map<String, Integer> counts = new HashMap<>();
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(PARTITION));
      consumer.seekToBeginning(List.of(PARTITION));
      long end = consumer.endOffsets(List.of(PARTITION)).getOrDefault(PARTITION, 0L);
      while (consumer.position(PARTITION) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          counts.put(text(record.key()), count(record));
        }
      }
    }
    return counts;
  }

  /** Records counts, and waits until they are kept. */
  void write(Map<String, Integer> counts) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (Map.Entry<String, Integer> count : counts.entrySet()) {
        producer
            .send(
                new ProducerRecord<>(TOPIC, 0, bytes(count.getKey()), bytes(count.getValue() + "")))
            .get();
      }
    } catch (ExecutionException e) {
      throw new KafkaException("Cannot record the topics' partitions in " + TOPIC, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("Interrupted while recording the topics' partitions", e);
    }
  }

  private static int count(ConsumerRecord<byte[], byte[]> record) {
    try {
      return Integer.parseInt(text(record.value()));
    } catch (NumberFormatException e) {
      throw new TopicsException(
          "The record at offset "
              + record.offset()
              + " of "
              + TOPIC
              + " is no count of partitions; run `tocsin topics apply` after removing it",
          e);
    }
  }

  private static String text(byte[] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
