package io.tocsin.notifier.attempt;

import java.util.function.LongSupplier;

/** At most so many a second, in bursts of at most a tenth of a second's worth. Not thread-safe. */
public final class RateLimit {

  private static final double SECOND = 1e9;

  private final double perSecond;
  private final double burst;
  private final LongSupplier nanoTime;
  private double tokens;
  private long refilledAt;

  /**
   * A limit.
   *
   * @param perSecond how many a second; 0 for no limit
   */
  public RateLimit(double perSecond, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.burst = Math.max(1, perSecond / 10);
    this.nanoTime = nanoTime;
    this.tokens = burst;
    this.refilledAt = nanoTime.getAsLong();
  }

  /** Whether one more may go now; if so, it has gone. */
  public boolean tryTake() {
    if (perSecond == 0) {
      return true;
    }
    long now = nanoTime.getAsLong();
    tokens = Math.min(burst, tokens + (now - refilledAt) / SECOND * perSecond);
    refilledAt = now;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
