package io.tocsin.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.system.IdentifyingStack.Part;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.generic.GenericRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever happens to the processes in the middle of a scan, a reader of committed records sees
 * everybody affected once, nobody else, and the end markers behind them.
 *
 * <p>The large run: {@code -Didentify.holdings=1000000 -Didentify.kills=20 -Dtest.memory=4g}. The
 * scan is slowed down so that it outlasts the kills; {@code -Didentify.seed} decides when they
 * come.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdentifierKillIT {

  private static final int HOLDINGS = Integer.getInteger("identify.holdings", 60_000);
  private static final int KILLS = Integer.getInteger("identify.kills", 4);
  private static final long SEED = Long.getLong("identify.seed", 20_260_402L);

  /** How long a killed identifier has scanned for, at most. */
  private static final int LONGEST_LIFE_MS = 1_500;

  private static final int TICK_MS = 100;

  /** Ticks that the whole scan takes: more than all the lives together have. */
  private static final int TICKS = (KILLS + 2) * 2 * LONGEST_LIFE_MS / TICK_MS;

  private static final List<String> SLOWLY =
      List.of(
          "identifier.scan.interval.ms=" + TICK_MS,
          "identifier.scan.budget.records="
              + Math.max(1, HOLDINGS / IdentifyingStack.PARTITIONS / TICKS));

  /** How many come in at a time while it is killed. */
  private static final int LATER = HOLDINGS / 4;

  private static final Duration IMPORTED_WITHIN = Duration.ofMinutes(5);
  private static final Duration SCANNED_WITHIN = Duration.ofMinutes(5);
  private static final int DAYS = 10;
  private static final LocalDate FIRST_DAY = LocalDate.of(2026, 3, 1);

  @TempDir private static Path folder;
  private IdentifyingStack stack;

  @BeforeAll
  void load() throws Exception {
    stack = new IdentifyingStack(folder);
    stack.tocsin(IMPORTED_WITHIN, "holdings", "import", rows("registration", 0, HOLDINGS)).ok();
  }

  @AfterAll
  void stop() throws Exception {
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  void shouldNameEverybodyOnceAlthoughItIsKilledAgainAndAgain() throws Exception {
    // Given
    Random random = new Random(SEED);
    publish("killed", "registration");

    // When
    int midScan = 0;
    for (int i = 0; i < KILLS; i++) {
      Part identifier = stack.start("identifier", "identifier-1", SLOWLY);
      long pause = random.nextLong(LONGEST_LIFE_MS);
      Awaitility.await().pollDelay(Duration.ofMillis(pause)).until(() -> true);
      identifier.kill();
      midScan += isEnded("killed") ? 0 : 1;
    }
    Part last = stack.start("identifier", "identifier-1", SLOWLY);

    // Then
    assertThat(midScan).as("kills in the middle of the scan, seed %d", SEED).isEqualTo(KILLS);
    assertExact("killed", HOLDINGS);
    last.stop();
  }

  @Test
  void shouldNameEverybodyOnceAlthoughAnotherInstanceJoinsAndLeaves() throws Exception {
    // Given
    Part first = stack.start("identifier", "identifier-1", SLOWLY);
    publish("joined", "registration");
    awaitFirst("joined");

    // When
    Part second = stack.start("identifier", "identifier-2", SLOWLY);
    boolean joinedMidScan = !isEnded("joined");
    second.stop();

    // Then
    assertThat(joinedMidScan).isTrue();
    assertExact("joined", HOLDINGS);
    first.stop();
  }

  @Test
  void shouldNameEverybodyOnceAlthoughTheBrokerIsKilled() throws Exception {
    // Given
    Part identifier = stack.start("identifier", "identifier-1", SLOWLY);
    publish("broker", "registration");
    awaitFirst("broker");

    // When
    boolean killedMidScan = !isEnded("broker");
    stack.restartBroker();

    // Then
    assertThat(killedMidScan).isTrue();
    assertExact("broker", HOLDINGS);
    identifier.stop();
  }

  /**
   * A killed identifier loses what its store has not written to the disk, and reads all of it from
   * the topic again; what came in before the kill must not be taken for new, nor anything after it
   * be missed.
   */
  @Test
  void shouldNameEverybodyOnceAlthoughItIsKilledWhileHoldingsComeIn() throws Exception {
    // Given
    Random random = new Random(SEED);
    stack.tocsin(IMPORTED_WITHIN, "holdings", "import", rows("purchases", 0, LATER)).ok();
    publish("later", "purchases");

    // When
    int people = LATER;
    for (int i = 0; i < (KILLS + 1) / 2; i++) {
      Part identifier = stack.start("identifier", "identifier-1", List.of());
      int before = stack.reader().keys("tocsin.affected").size();
      String rows = rows("purchases", people, people + LATER);
      try (ExecutorService background = Executors.newSingleThreadExecutor()) {
        Future<Tocsin.Result> coming =
            background.submit(() -> stack.tocsin(IMPORTED_WITHIN, "holdings", "import", rows));
        Awaitility.await("somebody affected by what comes in")
            .atMost(IMPORTED_WITHIN)
            .until(() -> stack.reader().keys("tocsin.affected").size() > before);
        long pause = random.nextLong(LONGEST_LIFE_MS);
        Awaitility.await().pollDelay(Duration.ofMillis(pause)).until(() -> true);
        identifier.kill();
        coming.get().ok();
      }
      people += LATER;
    }
    Part last = stack.start("identifier", "identifier-1", List.of());

    // Then
    assertExact("later", people);
    last.stop();
  }

  /** An incident whose window meets the holdings of all days but the last five. */
  private void publish(String incidentId, String dataset) throws IOException, InterruptedException {
    Path file =
        Files.writeString(
            folder.resolve(incidentId + ".json"),
            """
            {"incidentId": "%s", "version": 1, "kind": "disclosure", "reporter": "siem",
             "scope": {"datasets": [{"dataset": "%s", "categories": ["email"]}],
                       "exposedUntil": "%sT00:00:00Z"},
             "detectedAt": "2026-04-02T10:00:00Z"}
            """
                .formatted(incidentId, dataset, FIRST_DAY.plusDays(DAYS / 2)));
    stack.tocsin(Duration.ofMinutes(2), "incident", "publish", file.toString()).ok();
  }

  /** Writes the holdings of people by their numbers into a file, a day each. */
  private static String rows(String dataset, int fromPerson, int untilPerson) throws IOException {
    Path rows = folder.resolve(dataset + '-' + fromPerson + ".csv");
    try (BufferedWriter out = Files.newBufferedWriter(rows)) {
      out.write("dataset,userId,from,until,categories\n");
      for (int i = fromPerson; i < untilPerson; i++) {
        LocalDate from = FIRST_DAY.plusDays(i % DAYS);
        out.write(
            "%s,person-%d,%sT00:00:00Z,%sT00:00:00Z,email;name%n"
                .formatted(dataset, i, from, from.plusDays(1)));
      }
    }
    return rows.toString();
  }

  private static Set<String> expected(int people) {
    Set<String> expected = new HashSet<>();
    for (int i = 0; i < people; i++) {
      if (i % DAYS < DAYS / 2) {
        expected.add("person-" + i);
      }
    }
    return expected;
  }

  private void awaitFirst(String incidentId) {
    Awaitility.await("somebody affected by " + incidentId)
        .atMost(SCANNED_WITHIN)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> !events(incidentId).isEmpty());
  }

  private boolean isEnded(String incidentId) {
    return events(incidentId).stream().anyMatch(event -> !isAffected(event));
  }

  /** Waits for the end markers, and until as many are named as there should be. */
  private void assertExact(String incidentId, int people) {
    // Every shard's marker, in every partition.
    int markers = IdentifyingStack.PARTITIONS * IdentifyingStack.PARTITIONS;
    List<ForeignReader.Read> events =
        Awaitility.await("the end markers of " + incidentId)
            .atMost(SCANNED_WITHIN)
            .pollInterval(Duration.ofSeconds(1))
            .until(
                () -> events(incidentId),
                seen -> count(seen, false) >= markers && count(seen, true) >= people / 2);
    List<String> named = new ArrayList<>();
    int ends = 0;
    for (ForeignReader.Read event : events) {
      assertThat(event.get("version")).isEqualTo(1);
      if (isAffected(event)) {
        named.add(event.key());
      } else {
        ends++;
      }
    }
    assertThat(ends).isEqualTo(markers);
    assertThat(named).hasSize(people / 2);
    assertThat(new HashSet<>(named)).isEqualTo(expected(people));
  }

  private List<ForeignReader.Read> events(String incidentId) {
    return stack.reader().all("tocsin.affected").stream()
        .filter(event -> event.text("incidentId").equals(incidentId))
        .toList();
  }

  private static long count(List<ForeignReader.Read> events, boolean isAffected) {
    return events.stream().filter(event -> isAffected(event) == isAffected).count();
  }

  private static boolean isAffected(ForeignReader.Read event) {
    return ((GenericRecord) event.get("body")).getSchema().getName().equals("Affected");
  }
}
