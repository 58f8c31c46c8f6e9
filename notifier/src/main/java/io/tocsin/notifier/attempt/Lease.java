package io.tocsin.notifier.attempt;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The right to start attempts: it ends a while after the last commit that Kafka acknowledged.
 *
 * <p>The time runs from the moment the commit was asked for, so that it is over before the group's
 * session is, and another instance can own the partitions. Two clocks are read: the monotonic one
 * stands still while the machine is suspended, the wall clock may be set back; the lease is over
 * when either says so. Renewed by one thread, read by any.
 */
public final class Lease {

  private record Since(long nanos, long millis) {}

  private final Duration length;
  private final LongSupplier nanoTime;
  private final InstantSource clock;
  private volatile Since since;

  /** A lease that is not held yet. */
  public Lease(Duration length, LongSupplier nanoTime, InstantSource clock) {
    this.length = length;
    this.nanoTime = nanoTime;
    this.clock = clock;
    this.since = new Since(nanoTime.getAsLong() - length.toNanos() - 1, Long.MIN_VALUE / 2);
  }

  /** Asks for the lease; it is held once the returned action is run, with the time from now. */
  public Runnable request() {
    Since asked = new Since(nanoTime.getAsLong(), clock.millis());
    return () -> since = asked;
  }

  /** Whether attempts may start. */
  public boolean isHeld() {
    Since from = since;
    return nanoTime.getAsLong() - from.nanos() < length.toNanos()
        && clock.millis() - from.millis() < length.toMillis();
  }
}
