package io.tocsin.streams.dispatcher;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Whether somebody is still owed an explanation, as two metrics of the process over the partitions
 * it owns: {@code tocsin.completeness.gap}, affected people some delivery of whose notice is not
 * explained; and {@code tocsin.oldest.unresolved.seconds}, how long ago the oldest incident with
 * such people was identified, 0 without one. Thread-safe.
 */
final class Completeness {

  private final Map<Integer, Standing> partitions = new ConcurrentHashMap<>();
  private final InstantSource clock;

  Completeness(MeterRegistry meters, InstantSource clock) {
    this.clock = clock;
    Gauge.builder("tocsin.completeness.gap", this, Completeness::gap)
        .description("Affected people some delivery of whose notice is not explained")
        .register(meters);
    Gauge.builder("tocsin.oldest.unresolved.seconds", this, Completeness::oldestSeconds)
        .description("Since the oldest incident with such people was identified")
        .register(meters);
  }

  /**
   * How one partition stands.
   *
   * @param gap people
   * @param since when the oldest incident with a gap was identified, in epoch ms; 0 without one
   */
  record Standing(long gap, long since) {

    static final Standing COMPLETE = new Standing(0, 0);

    /** With one more incident. */
    Standing with(long owed, long identifiedAt) {
      if (owed == 0) {
        return this;
      }
      return new Standing(gap + owed, since == 0 ? identifiedAt : Math.min(since, identifiedAt));
    }
  }

  void report(int partition, Standing standing) {
    partitions.put(partition, standing);
  }

  /** The partition is somebody else's now. */
  void forget(int partition) {
    partitions.remove(partition);
  }

  private double gap() {
    return partitions.values().stream().mapToLong(Standing::gap).sum();
  }

  private double oldestSeconds() {
    long now = clock.millis();
    long oldest =
        partitions.values().stream()
            .mapToLong(Standing::since)
            .filter(since -> since > 0)
            .min()
            .orElse(now);
    return TimeUnit.MILLISECONDS.toSeconds(Math.max(0, now - oldest));
  }
}
