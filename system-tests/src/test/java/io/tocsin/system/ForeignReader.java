package io.tocsin.system;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads topics with generic Avro and a plain consumer: what anybody outside Tocsin can see in them.
 */
final class ForeignReader {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final int HEADER = 5;

  private final String bootstrap;
  private final ForeignRegistry registry;

  ForeignReader(String bootstrap, String registryUrl) {
    this.bootstrap = bootstrap;
    this.registry = new ForeignRegistry(registryUrl);
  }

  /**
   * A record of a topic.
   *
   * @param value null in a tombstone
   */
  record Read(String key, int partition, long offset, @Nullable GenericRecord value) {

    /** A field that is there. */
    Object get(String field) {
      return Objects.requireNonNull(nullable(field), field);
    }

    /** A field that may be null. */
    @Nullable Object nullable(String field) {
      return Objects.requireNonNull(value, "a tombstone").get(field);
    }

    /** A field as text. */
    String text(String field) {
      return get(field).toString();
    }
  }

  /** Everything committed in a topic at this moment, partition by partition. */
  List<Read> all(String topic) {
    return committed(topic).stream().map(this::read).toList();
  }

  /** The keys of everything committed in a topic at this moment, readable or not. */
  List<String> keys(String topic) {
    return committed(topic).stream().map(ForeignReader::key).toList();
  }

  private List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrap,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false);
    try (KafkaConsumer<byte[], byte[]> kafka =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          kafka.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      kafka.assign(partitions);
      kafka.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = kafka.endOffsets(partitions);
      List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
      while (partitions.stream().anyMatch(p -> kafka.position(p) < ends.getOrDefault(p, 0L))) {
        kafka.poll(POLL).forEach(all::add);
      }
      return all;
    }
  }

  private Read read(ConsumerRecord<byte[], byte[]> record) {
    return new Read(key(record), record.partition(), record.offset(), decode(record.value()));
  }

  private static String key(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
  }

  private @Nullable GenericRecord decode(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    ByteBuffer header = ByteBuffer.wrap(bytes);
    if (header.get() != 0) {
      throw new AssertionError("Not in the Confluent wire format");
    }
    Schema schema = registry.byId(header.getInt());
    try {
      return new GenericDatumReader<GenericRecord>(schema)
          .read(
              null,
              DecoderFactory.get()
                  .binaryDecoder(
                      new ByteArrayInputStream(bytes, HEADER, bytes.length - HEADER), null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
