package io.tocsin.bench.identify;

import io.tocsin.cli.cluster.Cluster;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Watches a topic of affected users as a {@code read_committed} consumer. It looks at keys alone,
 * so that it costs the measured ones as little as a reader can.
 */
final class AffectedReader implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);

  /**
   * What was read of one incident.
   *
   * @param users numbers of the users named
   * @param records how many records named a user
   * @param firstNanos when the first record came
   * @param lastNanos when the last one came, end markers included
   */
  record Seen(BitSet users, long records, long firstNanos, long lastNanos) {

    /** Refuses a set that differs from the one worked out by brute force, and users named twice. */
    void requireExactly(Workload workload, String who) {
      BitSet expected = workload.affectedNumbers();
      if (!users.equals(expected) || records != expected.cardinality()) {
        throw new IllegalStateException(
            "%s: %d records name %d users, expected are %d"
                .formatted(who, records, users.cardinality(), expected.cardinality()));
      }
    }
  }

  private final KafkaConsumer<byte[], byte[]> consumer;

  /** Reads from the topic's end, as it is now. */
  AffectedReader(Cluster cluster, String topic) {
    Map<String, Object> settings = cluster.config().kafka();
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
    this.consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
  }

  /**
   * Reads on until so many users and end markers have come.
   *
   * @param incidentId key of the end markers
   * @throws IllegalStateException if they do not come in time
   */
  Seen read(String incidentId, long users, long markers, Duration patience) {
    byte[] markerKey = incidentId.getBytes(StandardCharsets.UTF_8);
    BitSet named = new BitSet();
    long records = 0;
    long ends = 0;
    long first = 0;
    long deadline = System.nanoTime() + patience.toNanos();
    while (records < users || ends < markers) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (first == 0) {
          first = System.nanoTime();
        }
        if (Arrays.equals(record.key(), markerKey)) {
          ends++;
        } else {
          records++;
          named.set(Workload.numberOf(record.key()));
        }
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "After %d s, %d of %d records and %d of %d end markers have come"
                .formatted(patience.toSeconds(), records, users, ends, markers));
      }
    }
    return new Seen(named, records, first, System.nanoTime());
  }

  @Override
  public void close() {
    consumer.close();
  }
}
