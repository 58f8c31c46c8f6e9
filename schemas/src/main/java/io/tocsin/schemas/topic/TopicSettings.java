package io.tocsin.schemas.topic;

import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.TocsinConfig;
import org.apache.kafka.common.config.ConfigException;

/**
 * How topics are made.
 *
 * @param users partitions of the topics keyed by user
 * @param holdings partitions of holdings and what goes with it
 * @param replication copies of every topic; -1 leaves it to the brokers
 */
public record TopicSettings(int users, int holdings, short replication) {

  public TopicSettings {
    if (users < 1 || holdings < 1) {
      throw new ConfigException(
          "Topics need at least one partition: see "
              + CommonKeys.USERS_PARTITIONS
              + " and "
              + CommonKeys.HOLDINGS_PARTITIONS);
    }
    if (replication != -1 && replication < 1) {
      throw new ConfigException(
          CommonKeys.REPLICATION,
          replication,
          "must be at least 1, or -1 for the brokers' default");
    }
  }

  /** Reads them from the configuration. */
  public static TopicSettings from(TocsinConfig config) {
    return new TopicSettings(
        config.integer(CommonKeys.USERS_PARTITIONS),
        config.integer(CommonKeys.HOLDINGS_PARTITIONS),
        (short) config.integer(CommonKeys.REPLICATION));
  }

  /** How many partitions a topic is to have. */
  public int partitions(Topic<?, ?> topic) {
    return partitions(topic.group());
  }

  /** How many partitions the topics of a group are to have. */
  int partitions(PartitionGroup group) {
    return switch (group) {
      case SINGLE -> 1;
      case USERS -> users;
      case HOLDINGS -> holdings;
    };
  }

  /** The key that says how many partitions a topic of a group has, for messages. */
  static String key(PartitionGroup group) {
    return switch (group) {
      case SINGLE -> "the catalogue";
      case USERS -> CommonKeys.USERS_PARTITIONS;
      case HOLDINGS -> CommonKeys.HOLDINGS_PARTITIONS;
    };
  }
}
