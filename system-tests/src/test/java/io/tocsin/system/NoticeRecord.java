package io.tocsin.system;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * A notice as the notices topic has it last.
 *
 * @param substitute why the person is on the substitute-notice list; null when not on it
 * @param deliveries every channel as it stands
 */
record NoticeRecord(
    String noticeId,
    String reference,
    String incidentId,
    int edition,
    String userId,
    List<String> categories,
    @Nullable String substitute,
    List<DeliveryRecord> deliveries) {

  /**
   * One channel.
   *
   * @param possibleDuplicates attempts made although an earlier one may have got through
   */
  record DeliveryRecord(
      String channel, String state, int attempts, List<Integer> possibleDuplicates) {}

  /** The last word on every notice of an incident. */
  static Collection<NoticeRecord> of(ForeignReader reader, String incidentId) {
    Map<String, NoticeRecord> last = new HashMap<>();
    for (ForeignReader.Read read : reader.all("tocsin.notices")) {
      if (read.value() != null && read.text("incidentId").equals(incidentId)) {
        last.put(read.key(), of(read));
      }
    }
    return last.values();
  }

  private static NoticeRecord of(ForeignReader.Read read) {
    List<DeliveryRecord> deliveries = new ArrayList<>();
    for (Object delivery : (List<?>) read.get("deliveries")) {
      deliveries.add(delivery((GenericRecord) delivery));
    }
    Object substitute = read.nullable("substitute");
    return new NoticeRecord(
        read.text("noticeId"),
        read.text("reference"),
        read.text("incidentId"),
        (int) read.get("edition"),
        read.text("userId"),
        ((List<?>) read.get("categories")).stream().map(Object::toString).toList(),
        substitute == null ? null : substitute.toString(),
        List.copyOf(deliveries));
  }

  private static DeliveryRecord delivery(GenericRecord delivery) {
    return new DeliveryRecord(
        text(delivery, "channel"),
        text(delivery, "state"),
        (int) delivery.get("attempts"),
        ((List<?>) delivery.get("possibleDuplicates")).stream().map(n -> (Integer) n).toList());
  }

  private static String text(GenericRecord record, String field) {
    return Objects.requireNonNull(record.get(field), field).toString();
  }
}
