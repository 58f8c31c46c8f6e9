package io.tocsin.cli.operate;

import io.tocsin.avro.Channel;
import io.tocsin.avro.Delivery;
import io.tocsin.avro.DeliveryState;
import io.tocsin.avro.Notice;
import io.tocsin.cli.Output;
import io.tocsin.cli.Progress;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.cluster.TopicReader;
import io.tocsin.schemas.topic.Topics;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The people of an incident whom one channel cannot reach, by user id. */
final class UnreachablePeople {

  private static final List<String> COLUMNS = List.of("userId", "reference", "code", "reason");

  private UnreachablePeople() {}

  /** Prints them, read from the notices' record. */
  static void print(
      Cluster cluster, String incidentId, Channel channel, Output out, PrintWriter err) {
    Map<String, Notice> newest = new HashMap<>();
    TopicReader reader = cluster.reader();
    try (Progress progress =
        new Progress(err, "Searching", "records", reader.size(Topics.NOTICES))) {
      reader.each(
          Topics.NOTICES,
          key -> true,
          entry -> {
            Notice notice = entry.value();
            if (notice != null && notice.getIncidentId().equals(incidentId)) {
              newest.put(entry.key(), notice);
            }
          },
          progress::advance);
    }
    List<Map<String, Object>> rows =
        newest.values().stream()
            .sorted(Comparator.comparing(Notice::getUserId).thenComparingInt(Notice::getEdition))
            .flatMap(notice ->
                notice.getDeliveries().stream()
                    .filter(delivery ->
                        delivery.getChannel() == channel
                            && delivery.getState() == DeliveryState.UNREACHABLE)
                    .map(delivery -> row(notice, delivery)))
            .toList();
    out.rows(COLUMNS, rows, "Nobody is unreachable by this channel.");
  }

  private static Map<String, Object> row(Notice notice, Delivery delivery) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("userId", notice.getUserId());
    row.put("reference", notice.getReference());
    row.put("code", delivery.getProviderCode().orElse(""));
    row.put("reason", delivery.getReason().orElse(""));
    return row;
  }
}
