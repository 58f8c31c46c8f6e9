package io.tocsin.notifier.journal;

/** What the owner of a partition may do about the command at an offset. */
public enum Fate {
  /** Its outcome is acknowledged: nothing is left to do. */
  FINISHED,
  /**
   * An earlier owner may have started it and left no outcome: never start it, report it as UNKNOWN.
   */
  DOUBTFUL,
  /** Nobody has started it. */
  FRESH
}
