package io.tocsin.streams.identifier;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Shares the time of one thread between the scans of its tasks and its input.
 *
 * <p>A due punctuator goes before input, and each task has its own: without a pacer, the scans of
 * many tasks would starve the input of all. While input flows, scans together get half of the time
 * that they left, so at most a third; while none does, they get everything. More would starve
 * input: out of what is left to it also come the commits, most of which scans have caused. Not
 * thread-safe: it belongs to a thread.
 */
final class ScanPacer {

  private static final int LEFT_TO_INPUT = 2;

  private final Duration longest;
  private final LongSupplier nanoTime;
  private final Map<Object, Turn> turns = new HashMap<>();
  private long scanNanos;
  private long inputs;

  /**
   * Makes a pacer.
   *
   * @param longest what all scans of the thread together may take at a time
   */
  ScanPacer(Duration longest, LongSupplier nanoTime) {
    this.longest = longest;
    this.nanoTime = nanoTime;
  }

  /** A record was processed. */
  void countInput() {
    inputs++;
  }

  /** What a task's scan may take now; zero means: not now. */
  Duration begin(Object task) {
    Turn last = turns.computeIfAbsent(task, key -> new Turn(nanoTime.getAsLong(), scanNanos, -1));
    long allowed = longest.toNanos();
    if (last.inputs >= 0 && last.inputs != inputs) {
      long elapsed = nanoTime.getAsLong() - last.nanos;
      allowed = Math.min(allowed, (elapsed - (scanNanos - last.scanNanos)) / LEFT_TO_INPUT);
    }
    return Duration.ofNanos(Math.max(0, allowed / turns.size()));
  }

  /** A task's scan took so long. */
  void end(Object task, Duration taken) {
    scanNanos += taken.toNanos();
    turns.put(task, new Turn(nanoTime.getAsLong(), scanNanos, inputs));
  }

  /** A task has nothing to scan. */
  void leave(Object task) {
    turns.remove(task);
  }

  private record Turn(long nanos, long scanNanos, long inputs) {}
}
