package io.tocsin.system.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random schedules of dispatcher and notifier. {@code -Dsimulation.schedules=N} runs so many,
 * {@code -Dsimulation.seed=N} begins with that seed; a failure prints its own.
 */
class DeliverySimulationTest {

  private static final long FIRST_SEED = Long.getLong("simulation.seed", 1);
  private static final int SCHEDULES = Integer.getInteger("simulation.schedules", 10_000);

  /** So many schedules are enough to find a planted bug. */
  private static final int ENOUGH = 2_000;

  @Test
  void shouldLoseNobodyAndRepeatNothingUnlessUnknown() {
    // Given
    int unknown = 0;
    int listed = 0;
    int duplicates = 0;

    // When
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SCHEDULES; seed++) {
      Verdict verdict = run(seed, Bug.NONE);
      unknown += verdict.unknown();
      listed += verdict.listed();
      duplicates += verdict.duplicates();
    }

    // Then
    System.out.printf(
        "Simulated %,d schedules from seed %d: %,d attempts were UNKNOWN, %,d possible duplicates"
            + " are listed, %,d of them real%n",
        SCHEDULES, FIRST_SEED, unknown, listed, duplicates);
    assertThat(listed).isGreaterThanOrEqualTo(duplicates);
    if (SCHEDULES >= ENOUGH) {
      assertThat(duplicates).as("a simulation that never comes to the worst").isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void shouldNoticeAPlantedBug(Bug bug) {
    for (long seed = 1; seed <= ENOUGH; seed++) {
      try {
        new DeliverySimulation(seed, bug).run();
      } catch (AssertionError found) {
        System.out.printf(
            "%s found by schedule %d: %s%n",
            bug, seed, String.valueOf(found.getMessage()).lines().findFirst().orElse(""));
        return;
      }
    }
    fail("%s was not noticed in %d schedules", bug, ENOUGH);
  }

  private static Verdict run(long seed, Bug bug) {
    try {
      return new DeliverySimulation(seed, bug).run();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "This schedule fails: -Dsimulation.seed=" + seed + " -Dsimulation.schedules=1", e);
    }
  }
}
