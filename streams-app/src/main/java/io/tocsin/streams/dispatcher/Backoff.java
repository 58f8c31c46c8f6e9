package io.tocsin.streams.dispatcher;

import java.time.Duration;

/** Pauses that double up to a limit. */
final class Backoff {

  private static final int MOST_DOUBLINGS = 30;

  private Backoff() {}

  /**
   * The pause before the given repetition, in ms.
   *
   * @param repetition from 1
   */
  static long pause(Duration first, Duration max, int repetition) {
    int doublings = Math.clamp(repetition - 1L, 0, MOST_DOUBLINGS);
    long pause = first.toMillis() << doublings;
    return pause <= 0 ? max.toMillis() : Math.min(pause, max.toMillis());
  }

  /**
   * The same, spread by up to a fifth either way so that what failed together is not retried
   * together. The same seed gives the same pause, after whatever crash.
   */
  static long spread(Duration first, Duration max, int repetition, String seed) {
    long pause = pause(first, max, repetition);
    int hash = (seed + '#' + repetition).hashCode() * 0x9E3779B9;
    double share = (hash >>> 8) / (double) (1 << 24);
    return Math.min(max.toMillis(), Math.round(pause * (0.8 + 0.4 * share)));
  }
}
