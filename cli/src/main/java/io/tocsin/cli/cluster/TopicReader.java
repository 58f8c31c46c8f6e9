package io.tocsin.cli.cluster;

import io.tocsin.cli.CommandException;
import io.tocsin.schemas.serde.UnreadableRecordException;
import io.tocsin.schemas.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads a topic from its beginning to where it ended when the reading began, committed records
 * only. Keys are tested before values are decoded, so a search costs little more than the transfer.
 * Records that cannot be decoded are skipped: the part that consumes the topic has put them among
 * the dead letters.
 */
public final class TopicReader {

  private static final Duration POLL = Duration.ofMillis(200);

  private final Cluster cluster;

  TopicReader(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Every record of a topic, in the order of each partition. */
  public <V extends SpecificRecord> void each(Topic<String, V> topic, Consumer<Entry<V>> consumer) {
    each(topic, key -> true, consumer, read -> {});
  }

  /**
   * The records whose key passes.
   *
   * @param progress gets how many records were looked at since it was last called
   */
  public <V extends SpecificRecord> void each(
      Topic<String, V> topic,
      Predicate<String> keys,
      Consumer<Entry<V>> consumer,
      LongConsumer progress) {
    read(
        topic,
        keys,
        entry -> {
          consumer.accept(entry);
          return true;
        },
        progress);
  }

  /**
   * The records up to the first one of which the consumer says that it has seen enough, by false.
   *
   * @param progress gets how many records were looked at since it was last called
   */
  public <V extends SpecificRecord> void until(
      Topic<String, V> topic, Predicate<Entry<V>> consumer, LongConsumer progress) {
    read(topic, key -> true, consumer, progress);
  }

  private <V extends SpecificRecord> void read(
      Topic<String, V> topic,
      Predicate<String> keys,
      Predicate<Entry<V>> consumer,
      LongConsumer progress) {
    Deserializer<V> deserializer = cluster.serde(topic).deserializer();
    try (KafkaConsumer<byte[], byte[]> kafka = cluster.consumer()) {
      List<TopicPartition> partitions = partitions(kafka, topic.name());
      kafka.assign(partitions);
      kafka.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = kafka.endOffsets(partitions);
      long deadline = System.nanoTime() + cluster.patience().toNanos();
      while (!reached(kafka, ends)) {
        ConsumerRecords<byte[], byte[]> records = kafka.poll(POLL);
        for (ConsumerRecord<byte[], byte[]> record : records) {
          if (!accept(topic, record, keys, deserializer, consumer)) {
            return;
          }
        }
        if (!records.isEmpty()) {
          progress.accept(records.count());
          deadline = System.nanoTime() + cluster.patience().toNanos();
        } else if (System.nanoTime() - deadline > 0) {
          throw CommandException.failed(
              "Kafka sends nothing more of " + topic + "; see its brokers");
        }
      }
    }
  }

  /** The newest record of every key; a tombstone removes it. */
  public <V extends SpecificRecord> Map<String, V> newest(Topic<String, V> topic) {
    return newest(topic, key -> true);
  }

  /** The newest record of every key that passes; a tombstone removes it. */
  public <V extends SpecificRecord> Map<String, V> newest(
      Topic<String, V> topic, Predicate<String> keys) {
    Map<String, V> found = new LinkedHashMap<>();
    each(
        topic,
        keys,
        entry -> {
          V value = entry.value();
          if (value == null) {
            found.remove(entry.key());
          } else {
            found.put(entry.key(), value);
          }
        },
        read -> {});
    return found;
  }

  /** How many offsets the topic spans: an upper bound of what there is to read. */
  public long size(Topic<String, ?> topic) {
    List<TopicPartition> partitions;
    try (KafkaConsumer<byte[], byte[]> kafka = cluster.consumer()) {
      partitions = partitions(kafka, topic.name());
    }
    return sum(partitions, OffsetSpec.latest()) - sum(partitions, OffsetSpec.earliest());
  }

  static List<TopicPartition> partitions(KafkaConsumer<?, ?> kafka, String topic) {
    List<PartitionInfo> infos = kafka.partitionsFor(topic);
    if (infos == null || infos.isEmpty()) {
      throw CommandException.failed(
          "There is no topic " + topic + "; create all with `tocsin topics apply`");
    }
    List<TopicPartition> partitions = new ArrayList<>();
    infos.forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    return partitions;
  }

  /** Whether to go on. */
  private static <V extends SpecificRecord> boolean accept(
      Topic<String, V> topic,
      ConsumerRecord<byte[], byte[]> record,
      Predicate<String> keys,
      Deserializer<V> deserializer,
      Predicate<Entry<V>> consumer) {
    String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    if (!keys.test(key)) {
      return true;
    }
    V value;
    try {
      value = deserializer.deserialize(topic.name(), record.value());
    } catch (UnreadableRecordException e) {
      return true;
    }
    return consumer.test(
        new Entry<>(
            key,
            value,
            record.partition(),
            record.offset(),
            Instant.ofEpochMilli(record.timestamp())));
  }

  private static boolean reached(KafkaConsumer<?, ?> kafka, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream().allMatch(end -> kafka.position(end.getKey()) >= end.getValue());
  }

  private long sum(List<TopicPartition> partitions, OffsetSpec which) {
    Map<TopicPartition, OffsetSpec> asked =
        partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> which));
    try {
      return cluster.admin().listOffsets(asked).all().get().values().stream()
          .mapToLong(ListOffsetsResultInfo::offset)
          .sum();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.failed("Interrupted while asking for offsets", e);
    }
  }
}
