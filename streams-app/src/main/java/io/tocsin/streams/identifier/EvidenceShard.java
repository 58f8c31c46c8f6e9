package io.tocsin.streams.identifier;

import io.tocsin.avro.Evidence;
import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentShard;
import io.tocsin.avro.IncidentStatus;
import io.tocsin.streams.StateSerde;
import io.tocsin.streams.state.EvidenceLine;
import io.tocsin.streams.state.EvidenceTally;
import io.tocsin.streams.state.ScanPhase;
import io.tocsin.streams.state.ScanState;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * One partition of evidence against every open incident.
 *
 * <p>Lines are kept until their incident version is accepted, which may be before or after them;
 * then they are read in steps, as holdings are. A line counts once however often it is published,
 * and only for the version it names. How many lines are settled is tallied over all partitions by
 * {@link EvidenceCounts}, which knows when the version's last one is.
 */
final class EvidenceShard {

  /** The shard that evidence is, beside those of holdings. */
  static final String NAME = "evidence";

  private static final StateSerde<EvidenceLine> LINES =
      new StateSerde<>(EvidenceLine.getClassSchema());

  private final int partition;
  private final KeyValueStore<Bytes, byte[]> lines;
  private final EvidenceOutput output;
  private final OpenScans scans;

  /** Takes a partition up, or up again. */
  EvidenceShard(
      int partition,
      KeyValueStore<Bytes, byte[]> lines,
      KeyValueStore<String, IncidentShard> incidents,
      KeyValueStore<String, ScanState> states,
      EvidenceOutput output) {
    this.partition = partition;
    this.lines = lines;
    this.output = output;
    this.scans = new OpenScans(incidents, states, EvidenceShard::ranges);
  }

  /** An accepted incident version; one that is here already, or an older one, changes nothing. */
  void onIncident(IncidentShard shard) {
    Incident incident = shard.getIncident();
    OpenScan before = scans.get(incident.getIncidentId());
    if (before != null && before.version() >= incident.getVersion()) {
      return;
    }
    boolean withdrawn = incident.getStatus() == IncidentStatus.WITHDRAWN;
    tell(scans.accept(shard, 0, withdrawn ? ScanPhase.DONE : ScanPhase.SCANNING));
  }

  /** A line of evidence about a user. */
  void onLine(String userId, Evidence line) {
    Bytes key = key(line, userId);
    byte[] before = lines.get(key);
    Set<String> categories = new LinkedHashSet<>();
    if (before != null) {
      categories.addAll(LINES.decode(before).getCategories());
    }
    if (!categories.addAll(line.getCategories())) {
      return;
    }
    lines.put(key, LINES.encode(new EvidenceLine(List.copyOf(categories))));
    OpenScan scan = scans.get(line.getIncidentId());
    if (scan != null
        && scan.version() == line.getVersion()
        && !scan.isClosed()
        && scan.hasPassed(0, key)) {
      settle(scan, userId, line.getDataset(), List.copyOf(categories), before == null);
      scans.save(scan);
    }
  }

  /** Whether there is anything to read on. */
  boolean isScanning() {
    return scans.isRunning();
  }

  /** Reads on within a budget. */
  void scan(ScanBudget budget) {
    scans.run(lines, this::onStoredLine, budget);
  }

  /** Tells the tallies that have changed since. */
  void tellTallies() {
    for (OpenScan scan : scans.all()) {
      if (!scan.isTold()) {
        tell(scan);
      }
    }
  }

  private void onStoredLine(OpenScan scan, int range, Bytes key, byte[] value) {
    String rest =
        new String(key.get(), StandardCharsets.UTF_8)
            .substring(new String(scan.ranges().get(range).get(), StandardCharsets.UTF_8).length());
    int slash = rest.indexOf('/');
    settle(
        scan,
        rest.substring(slash + 1),
        rest.substring(0, slash),
        LINES.decode(value).getCategories(),
        true);
  }

  private void settle(
      OpenScan scan, String userId, String dataset, List<String> categories, boolean isNew) {
    if (isNew) {
      scan.countScanned();
    }
    if (scan.matcher().excepts(userId)) {
      return;
    }
    if (isNew) {
      scan.countAffected();
    }
    output.affected(
        userId, Events.affected(scan.incidentId(), scan.version(), NAME, dataset, categories));
  }

  private void tell(OpenScan scan) {
    Incident incident = scan.shard().getIncident();
    if (incident.getScope().getEvidenceCount() > 0) {
      output.tally(
          scan.incidentId(),
          EvidenceTally.newBuilder()
              .setVersion(scan.version())
              .setPartition(partition)
              .setAnnounced(scan.isClosed() ? 0 : incident.getScope().getEvidenceCount())
              .setSettled(scan.scanned())
              .setAffected(scan.affected())
              .setShards(scan.shard().getShards())
              .setAcceptedAt(scan.shard().getAcceptedAt())
              .build());
    }
    scan.markTold();
  }

  private static Bytes key(Evidence line, String userId) {
    return Bytes.wrap(
        (prefix(line.getIncidentId(), line.getVersion()) + line.getDataset() + '/' + userId)
            .getBytes(StandardCharsets.UTF_8));
  }

  private static List<Bytes> ranges(IncidentShard shard) {
    Incident incident = shard.getIncident();
    return List.of(
        Bytes.wrap(
            prefix(incident.getIncidentId(), incident.getVersion())
                .getBytes(StandardCharsets.UTF_8)));
  }

  private static String prefix(String incidentId, int version) {
    return incidentId + '/' + version + '/';
  }
}
