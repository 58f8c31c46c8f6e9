package io.tocsin.streams;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** How far the threads of a topology have come, from the metrics of Kafka Streams (KIP-444). */
final class ThreadProgress {

  private static final String THREADS = "stream-thread-metrics";
  private static final String STATE = "state";
  private static final String THREAD_ID = "thread-id";
  private static final String BEFORE_THREAD = ".*-(?=StreamThread-)";
  private static final String RESTORING = "active-restoring-tasks";

  private ThreadProgress() {}

  /** Such as "StreamThread-1 PARTITIONS_ASSIGNED; tasks being restored: 2". */
  static String of(Map<MetricName, ? extends Metric> metrics) {
    SortedMap<String, Object> states = new TreeMap<>();
    long restoring = 0;
    for (Metric metric : metrics.values()) {
      MetricName name = metric.metricName();
      if (name.group().equals(THREADS) && name.name().equals(STATE)) {
        String thread = name.tags().getOrDefault(THREAD_ID, "");
        states.put(thread.replaceFirst(BEFORE_THREAD, ""), metric.metricValue());
      } else if (name.name().equals(RESTORING) && metric.metricValue() instanceof Number tasks) {
        restoring += tasks.longValue();
      }
    }
    String threads =
        states.entrySet().stream()
            .map(state -> state.getKey() + " " + state.getValue())
            .collect(Collectors.joining(", "));
    return threads + "; tasks being restored: " + restoring;
  }
}
