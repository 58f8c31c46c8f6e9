package io.tocsin.streams.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Random schedules; a failure prints its seed. {@code -Dsimulation.seed=N} runs that one alone,
 * {@code -Dsimulation.schedules=N} so many.
 */
class DispatcherSimulationTest {

  private static final int SCHEDULES = Integer.getInteger("simulation.schedules", 300);

  @Test
  void shouldTellOrExplainEverybodyWhateverHappens() {
    // Given
    Long only = Long.getLong("simulation.seed");
    long first = only == null ? 1 : only;
    long last = only == null ? SCHEDULES : only;
    int crashes = 0;

    // When
    for (long seed = first; seed <= last; seed++) {
      DispatcherSimulation simulation = new DispatcherSimulation(seed);
      try {
        simulation.run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("Schedule fails with -Dsimulation.seed=" + seed, e);
      }
      crashes += simulation.crashes();
    }

    // Then
    assertThat(crashes).isPositive();
  }
}
