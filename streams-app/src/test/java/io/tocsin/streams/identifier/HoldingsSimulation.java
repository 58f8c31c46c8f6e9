package io.tocsin.streams.identifier;

import io.tocsin.avro.AffectedEvent;
import io.tocsin.avro.IdentificationProgress;
import io.tocsin.avro.IncidentShard;
import io.tocsin.schemas.catalogue.Catalogue;
import io.tocsin.schemas.deadletter.DeadLetterCode;
import io.tocsin.schemas.id.HoldingKey;
import io.tocsin.streams.Samples;
import io.tocsin.streams.identifier.HoldingsWorld.Written;
import io.tocsin.streams.state.ScanState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.utils.Bytes;

/**
 * One shard in a world of its own: reads its two topics in any interleaving, scans in steps of any
 * size, commits at any moment, and is killed before, between and after. What it wrote since the
 * last commit is then gone, and so is what its stores hold and how far it had read.
 */
final class HoldingsSimulation implements ShardOutput {

  /** What can be wrong with it on purpose, to see that the check notices. */
  enum Bug {
    NONE,
    /** The cursor is committed apart from what was found on the way to it. */
    CURSOR_APART,
    /** The end marker stands before the last of those it ends. */
    EARLY_MARKER,
    /** The scan reads on from an iterator of an earlier tick. */
    KEPT_ITERATOR,
    /** A holding that arrives later is stored, and checked against no incident. */
    LATER_UNCHECKED
  }

  /** A record of tocsin.affected. */
  record Output(String key, AffectedEvent event) {}

  private final Random random;
  private final HoldingsWorld world;
  private final Bug bug;
  private final MapStore<Bytes, byte[]> holdings;
  private final MapStore<String, IncidentShard> incidents = new MapStore<>();
  private final MapStore<String, ScanState> scans = new MapStore<>();
  private final List<Output> committed = new ArrayList<>();
  private final List<Output> pending = new ArrayList<>();
  private final HoldingReader reader =
      new HoldingReader(HoldingsWorld.SERDE.deserializer(), "holdings", Catalogue.sample());
  private HoldingsShard shard;
  private int holdingsRead;
  private int incidentsRead;
  private int committedHoldings;
  private int committedIncidents;

  HoldingsSimulation(Random random, HoldingsWorld world, Bug bug) {
    this.random = random;
    this.world = world;
    this.bug = bug;
    this.holdings = bug == Bug.KEPT_ITERATOR ? MapStore.keepingIterators() : new MapStore<>();
    this.shard = restart();
  }

  /**
   * Runs until everything is read and nothing is left to scan; returns what readers of committed
   * records see.
   */
  List<Output> run() {
    int steps = 0;
    while (!isDone()) {
      switch (random.nextInt(10)) {
        case 0 -> crash();
        case 1, 2 -> commit();
        case 3, 4, 5 -> tick();
        case 6, 7 -> readIncident();
        default -> readHolding();
      }
      if (++steps > 100_000) {
        throw new AssertionError("It does not come to an end");
      }
    }
    commit();
    return committed;
  }

  @Override
  public void affected(String userId, AffectedEvent event) {
    pending.add(new Output(userId, event));
  }

  @Override
  public void endMarker(String incidentId, AffectedEvent marker) {
    int behind = bug == Bug.EARLY_MARKER && !pending.isEmpty() ? 1 : 0;
    pending.add(pending.size() - behind, new Output(incidentId, marker));
  }

  @Override
  public void hurry() {}

  @Override
  public void progress(IdentificationProgress progress) {}

  @Override
  public void setAside(DeadLetterCode code, String reason) {}

  private boolean isDone() {
    return holdingsRead == world.holdings().size()
        && incidentsRead == world.incidents().size()
        && !shard.isScanning();
  }

  private void readHolding() {
    if (holdingsRead < world.holdings().size()) {
      Written written = world.holdings().get(holdingsRead++);
      byte[] key = written.key().getBytes(StandardCharsets.UTF_8);
      byte[] value = written.value() == null ? null : HoldingsWorld.SERDE.encode(written.value());
      if (bug == Bug.LATER_UNCHECKED && !HoldingKey.isBarrier(written.key())) {
        holdings.put(Bytes.wrap(key), value);
      } else {
        shard.onHolding(key, value);
      }
    }
  }

  private void readIncident() {
    if (incidentsRead < world.incidents().size()) {
      shard.onIncident(world.incidents().get(incidentsRead++), Samples.NOW);
    }
  }

  private void tick() {
    int records = 1 + random.nextInt(6);
    shard.scan(new ScanBudget(records, Duration.ofDays(1), () -> 0L), Samples.NOW);
    if (bug == Bug.CURSOR_APART) {
      scans.commit();
    }
  }

  private void commit() {
    holdings.commit();
    incidents.commit();
    scans.commit();
    committed.addAll(pending);
    pending.clear();
    committedHoldings = holdingsRead;
    committedIncidents = incidentsRead;
  }

  private void crash() {
    holdings.rollBack();
    incidents.rollBack();
    scans.rollBack();
    pending.clear();
    holdingsRead = committedHoldings;
    incidentsRead = committedIncidents;
    shard = restart();
  }

  private HoldingsShard restart() {
    return new HoldingsShard(0, holdings, incidents, scans, reader, this);
  }
}
