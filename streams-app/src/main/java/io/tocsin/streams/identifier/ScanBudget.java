package io.tocsin.streams.identifier;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How much one tick may read: so many records, for so long, whichever ends first. The first record
 * is always allowed.
 */
final class ScanBudget {

  private final LongSupplier nanoTime;
  private final long start;
  private final long nanos;
  private final int records;
  private int taken;

  /**
   * Starts the clock.
   *
   * @param nanoTime a clock like {@link System#nanoTime()}
   */
  ScanBudget(int records, Duration time, LongSupplier nanoTime) {
    this.records = records;
    this.nanos = time.toNanos();
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
  }

  /** Takes one record from the budget, if there is one left. */
  boolean take() {
    if (isSpent()) {
      return false;
    }
    taken++;
    return true;
  }

  /** Whether nothing is left. */
  boolean isSpent() {
    return taken >= records || (taken > 0 && nanoTime.getAsLong() - start >= nanos);
  }
}
