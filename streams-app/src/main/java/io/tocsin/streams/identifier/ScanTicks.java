package io.tocsin.streams.identifier;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.Punctuator;

/** Gives the scans of every thread their turns; one for all tasks of a process. */
final class ScanTicks {

  private final IdentifierSettings settings;
  private final LongSupplier nanoTime;
  private final ThreadLocal<ScanPacer> pacers;

  ScanTicks(IdentifierSettings settings, LongSupplier nanoTime) {
    this.settings = settings;
    this.nanoTime = nanoTime;
    this.pacers = ThreadLocal.withInitial(() -> new ScanPacer(settings.scanBudget(), nanoTime));
  }

  /**
   * A task's turns on the thread that calls.
   *
   * @param scanning whether there is anything to read
   * @param scan reads on within a budget
   * @param tell tells how far things are
   */
  Tick on(BooleanSupplier scanning, Consumer<ScanBudget> scan, Runnable tell) {
    return new Tick(pacers.get(), scanning, scan, tell);
  }

  /** One task's turns. */
  final class Tick implements Punctuator, AutoCloseable {

    private final ScanPacer pacer;
    private final BooleanSupplier scanning;
    private final Consumer<ScanBudget> scan;
    private final Runnable tell;
    private long toldAt = Long.MIN_VALUE;

    private Tick(
        ScanPacer pacer, BooleanSupplier scanning, Consumer<ScanBudget> scan, Runnable tell) {
      this.pacer = pacer;
      this.scanning = scanning;
      this.scan = scan;
      this.tell = tell;
    }

    /** A record was processed. */
    void countInput() {
      pacer.countInput();
    }

    @Override
    public void punctuate(long timestamp) {
      if (scanning.getAsBoolean()) {
        Duration allowed = pacer.begin(this);
        if (allowed.isPositive()) {
          long start = nanoTime.getAsLong();
          scan.accept(new ScanBudget(settings.scanRecords(), allowed, nanoTime));
          pacer.end(this, Duration.ofNanos(nanoTime.getAsLong() - start));
        }
      } else {
        pacer.leave(this);
      }
      if (toldAt == Long.MIN_VALUE
          || timestamp - toldAt >= settings.progressInterval().toMillis()) {
        tell.run();
        toldAt = timestamp;
      }
    }

    @Override
    public void close() {
      pacer.leave(this);
    }
  }
}
