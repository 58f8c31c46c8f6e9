package io.tocsin.streams.identifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.avro.Affected;
import io.tocsin.avro.EndMarker;
import io.tocsin.avro.Holding;
import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentShard;
import io.tocsin.avro.IncidentStatus;
import io.tocsin.avro.Interval;
import io.tocsin.schemas.id.HoldingKey;
import io.tocsin.streams.identifier.HoldingsSimulation.Bug;
import io.tocsin.streams.identifier.HoldingsSimulation.Output;
import io.tocsin.streams.identifier.HoldingsWorld.Written;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random schedules of holdings, incidents, scans, commits and crashes against brute force. How
 * many: {@code -Dsimulation.schedules=10000}; where to begin: {@code -Dsimulation.seed=1}. A
 * failure names its seed.
 */
class ScanSimulationTest {

  private static final int SCHEDULES = Integer.getInteger("simulation.schedules", 10_000);
  private static final long SEED = Long.getLong("simulation.seed", 20_260_401L);

  @Test
  void shouldFindExactlyWhomBruteForceFindsWhateverTheSchedule() {
    for (long seed = SEED; seed < SEED + SCHEDULES; seed++) {
      check(seed, Bug.NONE);
    }
    System.out.printf("ScanSimulation: %d schedules from seed %d%n", SCHEDULES, SEED);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void shouldNoticeABugThatWasPutIn(Bug bug) {
    // When
    long seed = SEED;
    while (seed < SEED + SCHEDULES && passes(seed, bug)) {
      seed++;
    }

    // Then
    assertThat(seed).as("a seed that shows " + bug).isLessThan(SEED + SCHEDULES);
    System.out.printf("ScanSimulation: %s noticed by schedule %d%n", bug, seed - SEED + 1);
  }

  private static boolean passes(long seed, Bug bug) {
    try {
      check(seed, bug);
      return true;
    } catch (AssertionError e) {
      return false;
    }
  }

  private static void check(long seed, Bug bug) {
    // Given
    Random random = new Random(seed);
    HoldingsWorld world = new HoldingsWorld(random);

    // When
    List<Output> outputs = new HoldingsSimulation(random, world, bug).run();

    // Then
    for (IncidentShard shard : world.incidents()) {
      check(seed, world, shard, outputs);
    }
  }

  private static void check(
      long seed, HoldingsWorld world, IncidentShard shard, List<Output> outputs) {
    Incident incident = shard.getIncident();
    List<Output> own =
        outputs.stream()
            .filter(output -> output.event().getIncidentId().equals(incident.getIncidentId()))
            .filter(output -> output.event().getVersion() == incident.getVersion())
            .toList();
    String where =
        "seed %d, %s version %d".formatted(seed, incident.getIncidentId(), incident.getVersion());
    List<String> named = new ArrayList<>();
    int marker = -1;
    for (Output output : own) {
      if (output.event().getBody() instanceof Affected affected) {
        named.add(affected.getDataset() + '/' + output.key());
      } else {
        assertThat(marker).as("one end marker: %s", where).isNegative();
        marker = named.size();
        assertThat(((EndMarker) output.event().getBody()).getCount())
            .as("the marker counts what stands before it: %s", where)
            .isEqualTo(marker);
      }
    }
    BruteForce brute = new BruteForce(world, shard);
    assertThat(new HashSet<>(named)).as("nobody wrongly: %s", where).isSubsetOf(brute.ever);
    assertThat(named.stream().filter(brute.writtenOnce::contains).toList())
        .as("nobody twice: %s", where)
        .doesNotHaveDuplicates();
    if (world.isLatest(shard)) {
      assertThat(named).as("nobody missed: %s", where).containsAll(brute.atLast);
      assertThat(marker).as("an end marker: %s", where).isNotNegative();
      assertThat(new HashSet<>(named.subList(0, marker)))
          .as("nobody who was there before is named behind the marker: %s", where)
          .containsAll(brute.unchangedSince);
    }
  }

  /** The same answer, by looking at every holding and every interval. */
  private static final class BruteForce {

    /** Keys whose last value is affected. */
    private final Set<String> atLast = new LinkedHashSet<>();

    /** Keys of which some value that was current since the barrier is affected. */
    private final Set<String> ever = new LinkedHashSet<>();

    /** Affected keys that were there at the barrier, and have not changed since. */
    private final Set<String> unchangedSince = new LinkedHashSet<>();

    private final Set<String> writtenOnce = new LinkedHashSet<>();

    BruteForce(HoldingsWorld world, IncidentShard shard) {
      int barrier = world.barrier(shard);
      Map<String, @Nullable Holding> current = new HashMap<>();
      Map<String, Integer> times = new HashMap<>();
      for (int i = 0; i < world.holdings().size(); i++) {
        Written written = world.holdings().get(i);
        if (i == barrier) {
          current.forEach((key, value) -> add(unchangedSince, shard, key, value));
          ever.addAll(unchangedSince);
        }
        if (!HoldingKey.isBarrier(written.key())) {
          current.put(written.key(), written.value());
          times.merge(written.key(), 1, Integer::sum);
          if (i > barrier) {
            unchangedSince.remove(written.key());
            add(ever, shard, written.key(), written.value());
          }
        }
      }
      current.forEach((key, value) -> add(atLast, shard, key, value));
      times.forEach((key, count) -> {
        if (count == 1) {
          writtenOnce.add(key);
        }
      });
    }

    private static void add(
        Set<String> to, IncidentShard shard, String key, @Nullable Holding holding) {
      if (holding != null && isAffected(shard.getIncident(), key, holding)) {
        to.add(key);
      }
    }

    private static boolean isAffected(Incident incident, String key, Holding holding) {
      String[] parts = key.split("/", 2);
      return incident.getStatus() == IncidentStatus.ACTIVE
          && !incident.getScope().getExceptUsers().contains(parts[1])
          && incident.getScope().getDatasets().stream()
              .filter(dataset -> dataset.getDataset().equals(parts[0]))
              .anyMatch(dataset ->
                  holding.getIntervals().stream()
                      .filter(interval -> overlaps(incident, interval))
                      .flatMap(interval -> interval.getCategories().stream())
                      .anyMatch(category ->
                          dataset.getCategories().isEmpty()
                              || dataset.getCategories().contains(category)));
    }

    private static boolean overlaps(Incident incident, Interval interval) {
      boolean begins =
          incident.getScope().getExposedUntil().isEmpty()
              || interval.getFrom().compareTo(incident.getScope().getExposedUntil().get()) < 0;
      boolean lasts =
          interval.getUntil().isEmpty()
              || incident.getScope().getExposedFrom().isEmpty()
              || interval.getUntil().get().compareTo(incident.getScope().getExposedFrom().get())
                  > 0;
      return begins && lasts;
    }
  }
}
