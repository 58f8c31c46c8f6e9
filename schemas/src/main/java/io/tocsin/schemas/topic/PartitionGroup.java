package io.tocsin.schemas.topic;

/**
 * Topics of one group have the same number of partitions, so that one task owns everything about a
 * key.
 */
public enum PartitionGroup {
  /**
   * One partition: few records, whose total order matters and which foreign partitioners must not
   * scatter.
   */
  SINGLE,
  /** Keyed by user id; {@code topics.partitions.users}. */
  USERS,
  /** Keyed by dataset and user id; {@code topics.partitions.holdings}. */
  HOLDINGS
}
