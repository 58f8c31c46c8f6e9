package io.tocsin.bench.identify;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A figure that must be reached.
 *
 * @param figure in words
 * @param path where it is in the report, divided by dots
 * @param bound the least, or the most, it may be
 * @param isMost whether less is better
 */
record Goal(String figure, String path, double bound, boolean isMost) {

  /** All of them, in the order in which they are read. */
  static final List<Goal> ALL =
      List.of(
          new Goal("fan-out, ours / foreign-key join", "fanout.vsFkJoin", 2, false),
          new Goal("fan-out, ours / plain producer", "fanout.vsProducer", 0.15, false),
          new Goal("fan-out, join / producer", "fanout.fkJoinVsProducer", 0.09, false),
          new Goal("ingest, ours / foreign-key join", "ingest.vsFkJoin", 3, false),
          new Goal("first affected user after publish, idle, ms", "firstAffectedMs", 500, true),
          new Goal("scan, large store / small store", "scanVsSmallStore", 1.3, true),
          new Goal("peak RSS, MB", "peakRssMb", 1536, true),
          new Goal("ingest during a scan / without", "ingest.duringScan", 0.4, false),
          new Goal("restart after a clean stop, s", "restartSeconds.clean", 30, true),
          new Goal("restart after SIGKILL, s", "restartSeconds.sigkill", 120, true),
          new Goal("largest transaction, ms", "largestTransaction.ms", 10_000, true));

  /** The figure in a report; null if it was not measured. */
  @Nullable Number in(Map<String, Object> figures) {
    Object value = figures;
    for (String step : path.split("\\.", -1)) {
      value = value instanceof Map<?, ?> map ? map.get(step) : null;
    }
    return value instanceof Number number ? number : null;
  }

  /** Whether a figure is good enough. */
  boolean isMet(Number value) {
    return isMost ? value.doubleValue() <= bound : value.doubleValue() >= bound;
  }
}
