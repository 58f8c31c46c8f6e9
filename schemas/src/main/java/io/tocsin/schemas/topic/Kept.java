package io.tocsin.schemas.topic;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/** How long a topic keeps its records. */
public enum Kept {
  /** The newest record of every key. */
  COMPACT,
  /** Every record, for ever: the record of what was done. */
  FOR_EVER,
  /**
   * Every record, for three years: past the limitation periods an operator usually has to answer
   * for.
   */
  LONG,
  /** Every record, for seven days: work orders, which no unfinished notice needs. */
  WEEK;

  /**
   * Tombstones of a compacted topic outlive a long outage of their readers. Holdings also carry the
   * identifier's barriers as tombstones: a barrier compacted away before it is read would leave an
   * incident unidentified.
   */
  private static final Duration TOMBSTONES = Duration.ofDays(30);

  /** The topic configuration that keeps records this long. */
  public Map<String, String> topicConfig() {
    return switch (this) {
      case COMPACT ->
          Map.of(
              TopicConfig.CLEANUP_POLICY_CONFIG,
              TopicConfig.CLEANUP_POLICY_COMPACT,
              TopicConfig.DELETE_RETENTION_MS_CONFIG,
              Long.toString(TOMBSTONES.toMillis()));
      case FOR_EVER -> deleteAfter(-1);
      case LONG -> deleteAfter(Duration.ofDays(3 * 365).toMillis());
      case WEEK -> deleteAfter(Duration.ofDays(7).toMillis());
    };
  }

  private static Map<String, String> deleteAfter(long millis) {
    return Map.of(
        TopicConfig.CLEANUP_POLICY_CONFIG,
        TopicConfig.CLEANUP_POLICY_DELETE,
        TopicConfig.RETENTION_MS_CONFIG,
        Long.toString(millis));
  }
}
