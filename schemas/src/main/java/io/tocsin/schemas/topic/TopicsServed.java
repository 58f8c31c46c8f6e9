package io.tocsin.schemas.topic;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Waits until new topics can be written to.
 *
 * <p>A controller answers before every broker has heard of a new topic, and a leader is named
 * before it leads. A batch that comes in between is sent again, and the one behind it may be taken
 * first: the leader knows nothing yet of a producer's sequence, takes the second batch for its
 * beginning, and refuses the first one for as long as the producer keeps trying, two minutes by
 * default.
 */
public final class TopicsServed {

  private static final Duration WITHIN = Duration.ofSeconds(30);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private TopicsServed() {}

  /**
   * Returns when the leader of every partition answers.
   *
   * @throws TopicsException if they do not within half a minute, or refuse to answer
   */
  public static void await(Admin admin, List<String> topics) {
    long deadline = System.nanoTime() + WITHIN.toNanos();
    while (!isServed(admin, topics)) {
      if (System.nanoTime() - deadline > 0) {
        throw new TopicsException(
            "Kafka created the topics and does not serve them after " + WITHIN.toSeconds() + " s");
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }

  private static boolean isServed(Admin admin, List<String> topics) {
    Map<String, Integer> counts;
    try {
      counts = TopicsCheck.actualPartitions(admin, topics);
    } catch (RetriableException e) {
      return false;
    }
    if (!counts.keySet().containsAll(topics)) {
      return false;
    }
    Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
    counts.forEach((topic, count) -> {
      for (int i = 0; i < count; i++) {
        partitions.put(new TopicPartition(topic, i), OffsetSpec.latest());
      }
    });
    try {
      // Only a leader that leads answers this.
      admin.listOffsets(partitions).all().get();
      return true;
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      if (cause instanceof RetriableException) {
        return false;
      }
      throw new TopicsException("Kafka does not serve the topics: " + cause.getMessage(), cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("Interrupted while waiting for the topics", e);
    }
  }
}
