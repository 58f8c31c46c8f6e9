package io.tocsin.bench;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/** How far a consumer group is behind. */
public final class Lag {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  /**
   * Records that may be left in a partition: control records behind the last one of a transaction,
   * which nobody commits past while nothing follows them.
   */
  private static final int CONTROL_RECORDS = 4;

  private final Admin admin;
  private final String group;

  public Lag(Admin admin, String group) {
    this.admin = admin;
    this.group = group;
  }

  /** Offsets committed in a topic, summed over its partitions. */
  public long committed(String topic) throws ExecutionException, InterruptedException {
    return offsets().entrySet().stream()
        .filter(entry -> entry.getKey().topic().equals(topic))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Returns when everything in these topics is committed. */
  public void awaitNone(Collection<String> topics, Duration patience)
      throws ExecutionException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!isNone(topics)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "The group %s is still behind after %d s".formatted(group, patience.toSeconds()));
      }
      Thread.sleep(LOOK_AGAIN);
    }
  }

  /** Whether everything in these topics is committed. */
  public boolean isNone(Collection<String> topics) throws ExecutionException, InterruptedException {
    Map<TopicPartition, Long> committed = offsets();
    for (String topic : topics) {
      for (Map.Entry<TopicPartition, Long> end : Ends.byPartition(admin, topic).entrySet()) {
        if (end.getValue() - committed.getOrDefault(end.getKey(), 0L) > CONTROL_RECORDS) {
          return false;
        }
      }
    }
    return true;
  }

  private Map<TopicPartition, Long> offsets() throws ExecutionException, InterruptedException {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get()
        .forEach((partition, offset) -> {
          if (offset != null) {
            offsets.put(partition, offset.offset());
          }
        });
    return offsets;
  }
}
