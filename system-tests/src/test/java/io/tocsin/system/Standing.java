package io.tocsin.system;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;

/**
 * How an incident stands, summed over the partitions that the dispatcher reports of.
 *
 * @param complete whether every partition has reported
 * @param identified the latest version that all partitions know the affected people of
 * @param approved the version that an approval covers, in all partitions
 */
record Standing(
    boolean complete,
    int identified,
    int approved,
    long affected,
    long notices,
    long explained,
    long substitutes,
    long possibleDuplicates) {

  /** Reads the incident's last words. */
  static Standing of(ForeignReader reader, String incidentId) {
    Map<String, ForeignReader.Read> last = new HashMap<>();
    for (ForeignReader.Read read : reader.all("tocsin.incident-progress")) {
      if (read.value() != null && read.text("incidentId").equals(incidentId)) {
        last.put(read.key(), read);
      }
    }
    Collection<ForeignReader.Read> now = last.values();
    return new Standing(
        !now.isEmpty() && now.stream().allMatch(read -> (int) read.get("partitions") == now.size()),
        now.stream().mapToInt(read -> (int) read.get("identifiedVersion")).min().orElse(0),
        now.stream().mapToInt(read -> (int) read.get("approvedVersion")).min().orElse(0),
        sum(now, "affected"),
        sum(now, "notices"),
        sum(now, "explained"),
        sum(now, "substitutes"),
        now.stream().mapToLong(Standing::possibleDuplicates).sum());
  }

  /** Whether everybody affected by a version has been told, or is accounted for. */
  boolean finished(int version) {
    return complete && identified == version && approved == version && affected == explained;
  }

  private static long sum(Collection<ForeignReader.Read> reads, String field) {
    return reads.stream().mapToLong(read -> (long) read.get(field)).sum();
  }

  private static long possibleDuplicates(ForeignReader.Read read) {
    List<?> channels = (List<?>) read.get("channels");
    return channels.stream()
        .mapToLong(channel -> (long) ((GenericRecord) channel).get("possibleDuplicates"))
        .sum();
  }
}
