package io.tocsin.cli.cluster;

import io.tocsin.schemas.serde.UnreadableRecordException;
import io.tocsin.schemas.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * The newest record of each key of a topic, kept up to date by reading on from where it stopped.
 * Not thread-safe.
 *
 * @param <V> type of the value
 */
public final class LatestView<V extends SpecificRecord> implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaConsumer<byte[], byte[]> kafka;
  private final Deserializer<V> deserializer;
  private final Predicate<String> keys;
  private final List<TopicPartition> partitions;
  private final Map<String, V> newest = new LinkedHashMap<>();

  /** A view of the keys that pass; empty until it is refreshed. */
  public LatestView(Cluster cluster, Topic<String, V> topic, Predicate<String> keys) {
    this.keys = keys;
    this.deserializer = cluster.serde(topic).deserializer();
    this.kafka = cluster.consumer();
    try {
      this.partitions = TopicReader.partitions(kafka, topic.name());
      kafka.assign(partitions);
      kafka.seekToBeginning(partitions);
    } catch (RuntimeException e) {
      kafka.close();
      throw e;
    }
  }

  /** Reads to where the topic ends now; the newest record of each key. */
  public Collection<V> refresh() {
    Map<TopicPartition, Long> ends = kafka.endOffsets(partitions);
    while (ends.entrySet().stream()
        .anyMatch(end -> kafka.position(end.getKey()) < end.getValue())) {
      for (ConsumerRecord<byte[], byte[]> record : kafka.poll(POLL)) {
        accept(record);
      }
    }
    return List.copyOf(newest.values());
  }

  @Override
  public void close() {
    kafka.close();
  }

  private void accept(ConsumerRecord<byte[], byte[]> record) {
    String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    if (!keys.test(key)) {
      return;
    }
    V value;
    try {
      value = deserializer.deserialize(record.topic(), record.value());
    } catch (UnreadableRecordException e) {
      return;
    }
    if (value == null) {
      newest.remove(key);
    } else {
      newest.put(key, value);
    }
  }
}
