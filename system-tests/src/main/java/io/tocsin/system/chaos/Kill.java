package io.tocsin.system.chaos;

import java.time.Instant;

/**
 * A kill that was made.
 *
 * @param part which process
 * @param at when, by the wall clock
 * @param nanos the same, by {@link System#nanoTime()}
 * @param readyNanos when it was ready again
 * @param outstanding share of the deliveries of which no message had come yet
 * @param slots attempts under way in the process; for the broker, in all notifiers
 */
record Kill(String part, Instant at, long nanos, long readyNanos, double outstanding, int slots) {

  boolean isOf(String prefix) {
    return part.startsWith(prefix);
  }

  long readyMillis() {
    return (readyNanos - nanos) / 1_000_000;
  }
}
