package io.tocsin.streams.identifier;

import io.tocsin.avro.DatasetScope;
import io.tocsin.avro.IncidentShard;
import io.tocsin.avro.IncidentStatus;
import io.tocsin.streams.state.ScanPhase;
import io.tocsin.streams.state.ScanState;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * One incident in one shard: its latest version, and how far the scan for it has come. Everything
 * here is also in stores.
 */
final class OpenScan {

  private final String incidentId;
  private final @Nullable Accepted accepted;
  private ScanPhase phase;
  private int barrier;
  private ScanCursor cursor;
  private long scanned;
  private long affected;
  private long unreadable;
  private boolean told;

  private OpenScan(String incidentId, @Nullable Accepted accepted, ScanState state) {
    this.incidentId = incidentId;
    this.accepted = accepted;
    this.phase = state.getPhase();
    this.barrier = state.getBarrier();
    this.cursor =
        new ScanCursor(state.getRange(), state.getLastKey().map(OpenScan::bytes).orElse(null));
    this.scanned = state.getScanned();
    this.affected = state.getAffected();
    this.unreadable = state.getUnreadable();
  }

  /** What was stored, again. */
  static OpenScan restored(
      String incidentId, @Nullable IncidentShard shard, List<Bytes> ranges, ScanState state) {
    return new OpenScan(incidentId, shard == null ? null : new Accepted(shard, ranges), state);
  }

  /** Only a barrier is here so far. */
  static OpenScan waitingForIncident(String incidentId, int barrier) {
    return new OpenScan(incidentId, null, fresh(ScanPhase.WAITING_INCIDENT, 0, barrier));
  }

  /** A version was accepted; nothing of it has been read. */
  static OpenScan of(IncidentShard shard, List<Bytes> ranges, int barrier, ScanPhase phase) {
    return new OpenScan(
        shard.getIncident().getIncidentId(),
        new Accepted(shard, ranges),
        fresh(phase, shard.getIncident().getVersion(), barrier));
  }

  String incidentId() {
    return incidentId;
  }

  /** The version; 0 while only a barrier is here. */
  int version() {
    return accepted == null ? 0 : accepted.shard.getIncident().getVersion();
  }

  IncidentShard shard() {
    return accepted().shard;
  }

  ScopeMatcher matcher() {
    return accepted().matcher;
  }

  List<Bytes> ranges() {
    return accepted().ranges;
  }

  /** The datasets of the scope, in its order; none while only a barrier is here. */
  List<String> datasets() {
    return accepted == null ? List.of() : accepted.datasets;
  }

  /** Whether nobody is affected any more, or no version is here. */
  boolean isClosed() {
    return accepted == null || accepted.shard.getIncident().getStatus() == IncidentStatus.WITHDRAWN;
  }

  ScanPhase phase() {
    return phase;
  }

  void phase(ScanPhase next) {
    phase = next;
  }

  int barrier() {
    return barrier;
  }

  void barrier(int version) {
    barrier = Math.max(barrier, version);
  }

  ScanCursor cursor() {
    return cursor;
  }

  void cursor(ScanCursor next) {
    cursor = next;
  }

  /**
   * Whether the scan will not come to this key any more, so that it must be looked at as it
   * arrives.
   */
  boolean hasPassed(int range, Bytes key) {
    return switch (phase) {
      case WAITING_INCIDENT, WAITING_BARRIER -> false;
      case SCANNING -> cursor.hasPassed(range, key);
      case DONE -> true;
    };
  }

  long scanned() {
    return scanned;
  }

  long affected() {
    return affected;
  }

  long unreadable() {
    return unreadable;
  }

  void countScanned() {
    scanned++;
    told = false;
  }

  void countAffected() {
    affected++;
    told = false;
  }

  void countUnreadable() {
    unreadable++;
    told = false;
  }

  /** Whether its figures have not changed since they were last told. */
  boolean isTold() {
    return told;
  }

  void markTold() {
    told = true;
  }

  ScanState state() {
    Bytes lastKey = cursor.lastKey();
    return ScanState.newBuilder()
        .setPhase(phase)
        .setVersion(version())
        .setBarrier(barrier)
        .setRange(cursor.range())
        .setLastKey(lastKey == null ? null : ByteBuffer.wrap(lastKey.get()))
        .setScanned(scanned)
        .setAffected(affected)
        .setUnreadable(unreadable)
        .build();
  }

  private Accepted accepted() {
    return Objects.requireNonNull(accepted, "No version of the incident is here yet");
  }

  private static ScanState fresh(ScanPhase phase, int version, int barrier) {
    return ScanState.newBuilder()
        .setPhase(phase)
        .setVersion(version)
        .setBarrier(barrier)
        .setRange(0)
        .setScanned(0)
        .setAffected(0)
        .setUnreadable(0)
        .build();
  }

  private static Bytes bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return Bytes.wrap(bytes);
  }

  /** A version and what is computed from it. */
  private static final class Accepted {
    private final IncidentShard shard;
    private final ScopeMatcher matcher;
    private final List<Bytes> ranges;
    private final List<String> datasets;

    Accepted(IncidentShard shard, List<Bytes> ranges) {
      this.shard = shard;
      this.matcher = new ScopeMatcher(shard.getIncident().getScope());
      this.ranges = List.copyOf(ranges);
      this.datasets =
          shard.getIncident().getScope().getDatasets().stream()
              .map(DatasetScope::getDataset)
              .toList();
    }
  }
}
