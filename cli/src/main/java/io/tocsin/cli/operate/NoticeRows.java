package io.tocsin.cli.operate;

import io.tocsin.avro.Delivery;
import io.tocsin.avro.Notice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Notices as rows of a table. */
final class NoticeRows {

  static final List<String> COLUMNS =
      List.of(
          "noticeId",
          "reference",
          "incidentId",
          "edition",
          "userId",
          "deliveries",
          "substitute",
          "at");

  private NoticeRows() {}

  static Map<String, Object> of(Notice notice) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("noticeId", notice.getNoticeId());
    row.put("reference", notice.getReference());
    row.put("incidentId", notice.getIncidentId());
    row.put("edition", notice.getEdition());
    row.put("userId", notice.getUserId());
    row.put("deliveries", deliveries(notice));
    row.put("substitute", notice.getSubstitute().orElse(""));
    row.put("at", notice.getAt().toString());
    return row;
  }

  /** State by channel. */
  static Map<String, String> deliveries(Notice notice) {
    Map<String, String> states = new TreeMap<>();
    for (Delivery delivery : notice.getDeliveries()) {
      states.put(delivery.getChannel().name().toLowerCase(Locale.ROOT), delivery.getState().name());
    }
    return states;
  }
}
