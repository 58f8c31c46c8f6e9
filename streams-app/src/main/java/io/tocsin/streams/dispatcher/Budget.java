package io.tocsin.streams.dispatcher;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How much may be done before others get their turn: so long, and so many records. */
final class Budget {

  private final LongSupplier nanos;
  private final long end;
  private int records;

  Budget(LongSupplier nanos, Duration time, int records) {
    this.nanos = nanos;
    this.end = nanos.getAsLong() + time.toNanos();
    this.records = records;
  }

  /** Whether nothing more may be done. */
  boolean spent() {
    return records <= 0 || nanos.getAsLong() - end >= 0;
  }

  /** One record more was touched. */
  void spend() {
    records--;
  }
}
