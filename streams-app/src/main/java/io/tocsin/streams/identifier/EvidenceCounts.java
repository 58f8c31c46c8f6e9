package io.tocsin.streams.identifier;

import io.tocsin.avro.AffectedEvent;
import io.tocsin.avro.IdentificationProgress;
import io.tocsin.streams.state.EvidenceCount;
import io.tocsin.streams.state.EvidenceTally;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Adds up the partitions of evidence, and ends the shard "evidence" of an incident version when
 * every line it announces is settled. Tallies are absolute, so one that comes twice does no harm;
 * each was committed together with the affected entries it counts, so the marker stands behind them
 * all.
 */
final class EvidenceCounts {

  private final KeyValueStore<String, EvidenceCount> counts;
  private final Output output;

  /** Where the sum is said. */
  interface Output {

    /** To be written into every partition. */
    void endMarker(String incidentId, AffectedEvent marker);

    void progress(IdentificationProgress progress);
  }

  EvidenceCounts(KeyValueStore<String, EvidenceCount> counts, Output output) {
    this.counts = counts;
    this.output = output;
  }

  /** A partition's tally; one of an older version changes nothing. */
  void onTally(String incidentId, EvidenceTally tally, Instant now) {
    EvidenceCount before = counts.get(incidentId);
    if (before != null && before.getVersion() > tally.getVersion()) {
      return;
    }
    List<EvidenceTally> tallies = new ArrayList<>();
    boolean wasFinished = false;
    if (before != null && before.getVersion() == tally.getVersion()) {
      wasFinished = before.getFinished();
      for (EvidenceTally each : before.getTallies()) {
        if (each.getPartition() != tally.getPartition()) {
          tallies.add(each);
        }
      }
    }
    tallies.add(tally);
    long settled = tallies.stream().mapToLong(EvidenceTally::getSettled).sum();
    long affected = tallies.stream().mapToLong(EvidenceTally::getAffected).sum();
    boolean finished = wasFinished || settled >= tally.getAnnounced();
    counts.put(incidentId, new EvidenceCount(tally.getVersion(), tallies, finished));
    if (finished && !wasFinished) {
      output.endMarker(
          incidentId,
          Events.endMarker(incidentId, tally.getVersion(), EvidenceShard.NAME, affected));
    }
    output.progress(
        IdentificationProgress.newBuilder()
            .setIncidentId(incidentId)
            .setVersion(tally.getVersion())
            .setShard(EvidenceShard.NAME)
            .setShards(tally.getShards())
            .setScanned(settled)
            .setAffected(affected)
            .setUnreadable(0)
            .setFinished(finished)
            .setAcceptedAt(tally.getAcceptedAt())
            .setAt(now)
            .build());
  }
}
