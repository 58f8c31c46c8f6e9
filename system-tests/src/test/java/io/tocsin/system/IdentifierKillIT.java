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

  private static final Duration SCANNED_WITHIN = Duration.ofMinutes(5);
  private static final int DAYS = 10;
  private static final LocalDate FIRST_DAY = LocalDate.of(2026, 3, 1);

  @TempDir private static Path folder;
  private IdentifyingStack stack;

  @BeforeAll
  void load() throws Exception {
    stack = new IdentifyingStack(folder);
    Path rows = folder.resolve("holdings.csv");
    try (BufferedWriter out = Files.newBufferedWriter(rows)) {
      out.write("dataset,userId,from,until,categories\n");
      for (int i = 0; i < HOLDINGS; i++) {
        LocalDate from = FIRST_DAY.plusDays(i % DAYS);
        out.write(
            "registration,person-%d,%sT00:00:00Z,%sT00:00:00Z,email;name%n"
                .formatted(i, from, from.plusDays(1)));
      }
    }
    stack.tocsin(Duration.ofMinutes(5), "holdings", "import", rows.toString()).ok();
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
    publish("killed");

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
    assertExact("killed");
    last.stop();
  }

  @Test
  void shouldNameEverybodyOnceAlthoughAnotherInstanceJoinsAndLeaves() throws Exception {
    // Given
    Part first = stack.start("identifier", "identifier-1", SLOWLY);
    publish("joined");
    awaitFirst("joined");

    // When
    Part second = stack.start("identifier", "identifier-2", SLOWLY);
    boolean joinedMidScan = !isEnded("joined");
    second.stop();

    // Then
    assertThat(joinedMidScan).isTrue();
    assertExact("joined");
    first.stop();
  }

  @Test
  void shouldNameEverybodyOnceAlthoughTheBrokerIsKilled() throws Exception {
    // Given
    Part identifier = stack.start("identifier", "identifier-1", SLOWLY);
    publish("broker");
    awaitFirst("broker");

    // When
    boolean killedMidScan = !isEnded("broker");
    stack.restartBroker();

    // Then
    assertThat(killedMidScan).isTrue();
    assertExact("broker");
    identifier.stop();
  }

  /** An incident whose window meets the holdings of all days but the last five. */
  private void publish(String incidentId) throws IOException, InterruptedException {
    Path file =
        Files.writeString(
            folder.resolve(incidentId + ".json"),
            """
            {"incidentId": "%s", "version": 1, "kind": "disclosure", "reporter": "siem",
             "scope": {"datasets": [{"dataset": "registration", "categories": ["email"]}],
                       "exposedUntil": "%sT00:00:00Z"},
             "detectedAt": "2026-04-02T10:00:00Z"}
            """
                .formatted(incidentId, FIRST_DAY.plusDays(DAYS / 2)));
    stack.tocsin(Duration.ofMinutes(2), "incident", "publish", file.toString()).ok();
  }

  private static Set<String> expected() {
    Set<String> expected = new HashSet<>();
    for (int i = 0; i < HOLDINGS; i++) {
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

  private void assertExact(String incidentId) {
    // Every shard's marker, in every partition.
    int markers = IdentifyingStack.PARTITIONS * IdentifyingStack.PARTITIONS;
    List<ForeignReader.Read> events =
        Awaitility.await("the end markers of " + incidentId)
            .atMost(SCANNED_WITHIN)
            .pollInterval(Duration.ofSeconds(1))
            .until(
                () -> events(incidentId),
                seen -> seen.stream().filter(event -> !isAffected(event)).count() >= markers);
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
    assertThat(named).hasSize(HOLDINGS / 2);
    assertThat(new HashSet<>(named)).isEqualTo(expected());
  }

  private List<ForeignReader.Read> events(String incidentId) {
    return stack.reader().all("tocsin.affected").stream()
        .filter(event -> event.text("incidentId").equals(incidentId))
        .toList();
  }

  private static boolean isAffected(ForeignReader.Read event) {
    return ((GenericRecord) event.get("body")).getSchema().getName().equals("Affected");
  }
}
