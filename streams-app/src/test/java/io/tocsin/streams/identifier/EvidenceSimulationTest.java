package io.tocsin.streams.identifier;

import static io.tocsin.streams.Samples.NOW;
import static io.tocsin.streams.Samples.accepted;
import static io.tocsin.streams.Samples.evidence;
import static io.tocsin.streams.Samples.incident;
import static io.tocsin.streams.Samples.withdrawn;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.avro.Affected;
import io.tocsin.avro.AffectedEvent;
import io.tocsin.avro.EndMarker;
import io.tocsin.avro.Evidence;
import io.tocsin.avro.IdentificationProgress;
import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentShard;
import io.tocsin.avro.Scope;
import io.tocsin.streams.state.EvidenceCount;
import io.tocsin.streams.state.EvidenceTally;
import io.tocsin.streams.state.ScanState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;

/**
 * Evidence, repeated and shuffled, before and after its incident, with crashes; settings as in
 * {@link ScanSimulationTest}.
 */
class EvidenceSimulationTest {

  private static final int SCHEDULES = Integer.getInteger("simulation.schedules", 500);
  private static final long SEED = Long.getLong("simulation.seed", 20_260_401L);

  @Test
  void shouldNameEveryLineOnceAndEndWhenTheLastIsSettled() {
    for (long seed = SEED; seed < SEED + SCHEDULES; seed++) {
      // Given
      Simulation simulation = new Simulation(new Random(seed));

      // When
      List<AffectedEvent> events = simulation.run();

      // Then
      simulation.check("seed " + seed, events);
    }
  }

  private record Line(String userId, Evidence evidence) {
    String name() {
      return userId + '/' + evidence.getDataset();
    }
  }

  private static final class Simulation implements EvidenceOutput, EvidenceCounts.Output {

    private final Random random;
    private final List<Line> lines = new ArrayList<>();
    private final List<IncidentShard> incidents = new ArrayList<>();
    private final Set<String> excepted = new HashSet<>();
    private final Set<String> expected = new HashSet<>();
    private final boolean complete;
    private final boolean lastWithdrawn;

    private final MapStore<Bytes, byte[]> store = new MapStore<>();
    private final MapStore<String, IncidentShard> open = new MapStore<>();
    private final MapStore<String, ScanState> scans = new MapStore<>();
    private final MapStore<String, EvidenceCount> counts = new MapStore<>();
    private final List<AffectedEvent> committed = new ArrayList<>();
    private final List<AffectedEvent> pending = new ArrayList<>();
    private final List<String> users = new ArrayList<>();
    private final List<String> pendingUsers = new ArrayList<>();
    private final List<EvidenceTally> tallies = new ArrayList<>();
    private final List<EvidenceTally> pendingTallies = new ArrayList<>();
    private EvidenceShard shard;
    private int linesRead;
    private int incidentsRead;
    private int committedLines;
    private int committedIncidents;

    Simulation(Random random) {
      this.random = random;
      this.complete = random.nextInt(4) > 0;
      this.lastWithdrawn = random.nextInt(6) == 0;
      Set<String> distinct = new HashSet<>();
      int total = 1 + random.nextInt(25);
      for (int i = 0; i < total; i++) {
        Line line =
            new Line(
                "u" + random.nextInt(10),
                evidence("INC-1", 2, random.nextBoolean() ? "feedback" : "purchases", "email"));
        lines.add(line);
        distinct.add(line.name());
        if (random.nextInt(4) == 0) {
          lines.add(new Line("u" + random.nextInt(10), evidence("INC-1", 1, "feedback", "email")));
        }
      }
      if (random.nextBoolean()) {
        excepted.add("u" + random.nextInt(10));
      }
      distinct.stream()
          .filter(name -> excepted.stream().noneMatch(user -> name.startsWith(user + '/')))
          .forEach(expected::add);
      incidents.add(accepted(incident("INC-1", 1, evidenceScope(3)), 2));
      incidents.add(
          accepted(incident("INC-1", 2, evidenceScope(distinct.size() + (complete ? 0 : 1))), 2));
      if (lastWithdrawn) {
        incidents.add(
            accepted(
                Incident.newBuilder(withdrawn("INC-1", 3)).setScope(evidenceScope(5)).build(), 2));
      }
      this.shard = restart();
    }

    List<AffectedEvent> run() {
      int quiet = 0;
      while (linesRead < lines.size()
          || incidentsRead < incidents.size()
          || shard.isScanning()
          || quiet++ < 3) {
        switch (random.nextInt(9)) {
          case 0 -> {
            crash();
            quiet = 0;
          }
          case 1 -> commit();
          case 2, 3 ->
              shard.scan(new ScanBudget(1 + random.nextInt(4), Duration.ofDays(1), () -> 0L));
          case 4 -> shard.tellTallies();
          case 5 -> {
            if (incidentsRead < incidents.size()) {
              shard.onIncident(incidents.get(incidentsRead++));
            }
          }
          default -> {
            if (linesRead < lines.size()) {
              Line line = lines.get(linesRead++);
              shard.onLine(line.userId(), line.evidence());
            }
          }
        }
      }
      shard.tellTallies();
      commit();
      EvidenceCounts sum = new EvidenceCounts(counts, this);
      tallies.forEach(tally -> sum.onTally("INC-1", tally, NOW));
      committed.addAll(pending);
      return committed;
    }

    void check(String where, List<AffectedEvent> events) {
      List<String> named = new ArrayList<>();
      for (int i = 0; i < users.size(); i++) {
        AffectedEvent event = committed.get(i);
        if (event.getVersion() == 2) {
          named.add(users.get(i) + '/' + ((Affected) event.getBody()).getDataset());
        }
      }
      assertThat(named).as(where).doesNotHaveDuplicates().isSubsetOf(expected);
      if (!lastWithdrawn) {
        assertThat(named).as(where).containsExactlyInAnyOrderElementsOf(expected);
      }
      int last = lastWithdrawn ? 3 : 2;
      List<AffectedEvent> markers =
          events.stream()
              .filter(event -> event.getBody() instanceof EndMarker)
              .filter(event -> event.getVersion() == last)
              .toList();
      assertThat(markers).as(where).hasSize(lastWithdrawn || complete ? 1 : 0);
      markers.forEach(marker ->
          assertThat(((EndMarker) marker.getBody()).getCount())
              .as(where)
              .isEqualTo(lastWithdrawn ? 0 : expected.size()));
    }

    @Override
    public void affected(String userId, AffectedEvent event) {
      pending.add(event);
      pendingUsers.add(userId);
    }

    @Override
    public void tally(String incidentId, EvidenceTally tally) {
      pendingTallies.add(tally);
    }

    @Override
    public void endMarker(String incidentId, AffectedEvent marker) {
      pending.add(marker);
    }

    @Override
    public void progress(IdentificationProgress progress) {}

    private void commit() {
      store.commit();
      open.commit();
      scans.commit();
      committed.addAll(pending);
      users.addAll(pendingUsers);
      tallies.addAll(pendingTallies);
      committedLines = linesRead;
      committedIncidents = incidentsRead;
      forget();
    }

    private void crash() {
      store.rollBack();
      open.rollBack();
      scans.rollBack();
      linesRead = committedLines;
      incidentsRead = committedIncidents;
      forget();
      shard = restart();
    }

    private void forget() {
      pending.clear();
      pendingUsers.clear();
      pendingTallies.clear();
    }

    private EvidenceShard restart() {
      return new EvidenceShard(0, store, open, scans, this);
    }

    private Scope evidenceScope(int count) {
      return Scope.newBuilder()
          .setEvidenceCount(count)
          .setExceptUsers(List.copyOf(excepted))
          .build();
    }
  }
}
