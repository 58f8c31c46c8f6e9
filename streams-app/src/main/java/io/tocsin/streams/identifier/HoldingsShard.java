package io.tocsin.streams.identifier;

import io.tocsin.avro.DatasetScope;
import io.tocsin.avro.Holding;
import io.tocsin.avro.IdentificationProgress;
import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentShard;
import io.tocsin.avro.IncidentStatus;
import io.tocsin.schemas.deadletter.DeadLetterCode;
import io.tocsin.schemas.id.HoldingKey;
import io.tocsin.streams.identifier.HoldingReader.Understood;
import io.tocsin.streams.identifier.HoldingReader.Unreadable;
import io.tocsin.streams.state.ScanPhase;
import io.tocsin.streams.state.ScanState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * One partition of holdings against every open incident.
 *
 * <p>An incident reads the holdings that are here; a holding that arrives later is checked against
 * the incidents whose scan has passed its key. So every pair is looked at exactly once, in whatever
 * order they come, and both sides in the transaction that moves the cursor. A scan begins behind
 * its barrier in the holdings topic: everything published before the incident was accepted is then
 * in the store. It ends with a marker, behind everything it found.
 *
 * <p>State is in the stores alone: a new instance on the same stores goes on where this one stood.
 */
final class HoldingsShard {

  private static final String NOT_A_KEY =
      "The key is not dataset/userId in UTF-8; use the dataset's id, a slash, and the user's id.";

  private final String name;
  private final KeyValueStore<Bytes, byte[]> holdings;
  private final HoldingReader reader;
  private final ShardOutput output;
  private final OpenScans scans;

  /**
   * Takes a shard up, or up again.
   *
   * @param partition number of the partition of holdings
   */
  HoldingsShard(
      int partition,
      KeyValueStore<Bytes, byte[]> holdings,
      KeyValueStore<String, IncidentShard> incidents,
      KeyValueStore<String, ScanState> states,
      HoldingReader reader,
      ShardOutput output) {
    this.name = Integer.toString(partition);
    this.holdings = holdings;
    this.reader = reader;
    this.output = output;
    this.scans = new OpenScans(incidents, states, HoldingsShard::ranges);
  }

  /** An accepted incident version; one that is here already, or an older one, changes nothing. */
  void onIncident(IncidentShard shard, Instant now) {
    Incident incident = shard.getIncident();
    OpenScan before = scans.get(incident.getIncidentId());
    if (before != null && before.version() >= incident.getVersion()) {
      return;
    }
    int barrier = before == null ? 0 : before.barrier();
    if (incident.getStatus() == IncidentStatus.WITHDRAWN
        || incident.getScope().getDatasets().isEmpty()) {
      finish(scans.accept(shard, barrier, ScanPhase.DONE), now);
      return;
    }
    ScanPhase phase =
        barrier >= incident.getVersion() ? ScanPhase.SCANNING : ScanPhase.WAITING_BARRIER;
    tell(scans.accept(shard, barrier, phase), now);
  }

  /** A record of the holdings topic: a holding, a tombstone, or a barrier. */
  void onHolding(byte[] rawKey, byte @Nullable [] value) {
    String text = new String(rawKey, StandardCharsets.UTF_8);
    if (HoldingKey.isBarrier(text)) {
      onBarrier(text);
      return;
    }
    Bytes key = Bytes.wrap(rawKey);
    Optional<HoldingKey> parsed = reader.key(rawKey);
    List<OpenScan> passed = parsed.map(k -> passed(k.dataset(), key)).orElse(List.of());
    // Only what has been looked at before can be an update of something already written.
    byte[] before = passed.isEmpty() ? null : holdings.get(key);
    holdings.put(key, value);
    if (parsed.isEmpty()) {
      output.setAside(DeadLetterCode.INVALID, NOT_A_KEY);
      return;
    }
    if (value == null) {
      return;
    }
    if (!reader.hasDataset(parsed.get().dataset())) {
      output.setAside(
          DeadLetterCode.INVALID,
          "The key's dataset is not in the catalogue; correct it or add it there.");
      return;
    }
    switch (reader.value(value)) {
      case Understood(Holding holding) -> {
        for (OpenScan scan : passed) {
          onLaterHolding(scan, parsed.get(), before, holding);
        }
      }
      case Unreadable(DeadLetterCode code, String reason) -> {
        output.setAside(code, reason);
        for (OpenScan scan : passed) {
          scan.countUnreadable();
          scans.save(scan);
        }
      }
    }
  }

  /** Whether there is anything to read on. */
  boolean isScanning() {
    return scans.isRunning();
  }

  /** Reads on within a budget. */
  void scan(ScanBudget budget, Instant now) {
    for (OpenScan finished : scans.run(holdings, this::onStoredHolding, budget)) {
      finish(finished, now);
    }
  }

  /** Tells how far the scans are, those that have moved since. */
  void tellProgress(Instant now) {
    for (OpenScan scan : scans.all()) {
      if (!scan.isTold() && scan.version() > 0) {
        tell(scan, now);
      }
    }
  }

  private void onBarrier(String key) {
    int colon = key.indexOf('/');
    int slash = key.lastIndexOf('/');
    if (slash <= colon || !key.substring(slash + 1).matches("[0-9]{1,9}")) {
      output.setAside(
          DeadLetterCode.INVALID, "The key begins like a barrier's and is none; do not write it.");
      return;
    }
    String incidentId = key.substring(colon + 1, slash);
    int version = Integer.parseInt(key.substring(slash + 1));
    OpenScan scan = scans.get(incidentId);
    if (scan == null) {
      scans.expect(incidentId, version);
      return;
    }
    scan.barrier(version);
    if (scan.phase() == ScanPhase.WAITING_BARRIER && scan.barrier() >= scan.version()) {
      scan.phase(ScanPhase.SCANNING);
    }
    scans.save(scan);
  }

  private List<OpenScan> passed(String dataset, Bytes key) {
    List<OpenScan> passed = List.of();
    for (OpenScan scan : scans.naming(dataset)) {
      if (!scan.isClosed() && scan.hasPassed(scan.datasets().indexOf(dataset), key)) {
        if (passed.isEmpty()) {
          passed = new ArrayList<>();
        }
        passed.add(scan);
      }
    }
    return passed;
  }

  private void onStoredHolding(OpenScan scan, int range, Bytes key, byte[] value) {
    scan.countScanned();
    String dataset = scan.datasets().get(range);
    Optional<String> userId = reader.userId(key.get(), scan.ranges().get(range).get().length);
    if (userId.isPresent() && reader.value(value) instanceof Understood(Holding holding)) {
      List<String> categories = scan.matcher().match(dataset, userId.get(), holding);
      if (!categories.isEmpty()) {
        write(scan, userId.get(), dataset, categories);
      }
    } else {
      // It was set aside when it arrived.
      scan.countUnreadable();
    }
  }

  private void onLaterHolding(
      OpenScan scan, HoldingKey key, byte @Nullable [] before, Holding holding) {
    List<String> categories = scan.matcher().match(key.dataset(), key.userId(), holding);
    if (categories.isEmpty()) {
      return;
    }
    if (before != null
        && reader.value(before) instanceof Understood(Holding former)
        && new HashSet<>(scan.matcher().match(key.dataset(), key.userId(), former))
            .containsAll(categories)) {
      return;
    }
    write(scan, key.userId(), key.dataset(), categories);
    scans.save(scan);
  }

  private void write(OpenScan scan, String userId, String dataset, List<String> categories) {
    scan.countAffected();
    output.affected(
        userId, Events.affected(scan.incidentId(), scan.version(), name, dataset, categories));
    if (scan.affected() == 1) {
      output.hurry();
    }
  }

  private void finish(OpenScan scan, Instant now) {
    output.endMarker(
        scan.incidentId(),
        Events.endMarker(scan.incidentId(), scan.version(), name, scan.affected()));
    tell(scan, now);
    output.hurry();
  }

  private void tell(OpenScan scan, Instant now) {
    output.progress(
        IdentificationProgress.newBuilder()
            .setIncidentId(scan.incidentId())
            .setVersion(scan.version())
            .setShard(name)
            .setShards(scan.shard().getShards())
            .setScanned(scan.scanned())
            .setAffected(scan.affected())
            .setUnreadable(scan.unreadable())
            .setFinished(scan.phase() == ScanPhase.DONE)
            .setAcceptedAt(scan.shard().getAcceptedAt())
            .setAt(now)
            .build());
    scan.markTold();
  }

  private static List<Bytes> ranges(IncidentShard shard) {
    return shard.getIncident().getScope().getDatasets().stream()
        .map(DatasetScope::getDataset)
        .map(dataset -> Bytes.wrap((dataset + '/').getBytes(StandardCharsets.UTF_8)))
        .toList();
  }
}
