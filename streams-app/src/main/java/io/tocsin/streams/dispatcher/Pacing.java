package io.tocsin.streams.dispatcher;

import java.time.Duration;

/**
 * How fast a partition goes.
 *
 * @param windowMin commands that may always be outstanding per channel
 * @param windowMax commands that may at most be outstanding per channel
 * @param tick how often timers, walks and progress get their turn
 * @param tickBudget how much of a tick each of them may take
 * @param tickRecords how many records each of them may touch in a tick
 * @param progress how often an incident's progress is published at most
 */
public record Pacing(
    int windowMin,
    int windowMax,
    Duration tick,
    Duration tickBudget,
    int tickRecords,
    Duration progress) {

  public Pacing {
    if (windowMin < 1 || windowMax < windowMin) {
      throw new IllegalArgumentException(
          DispatcherSettings.WINDOW_MAX
              + " must not be under "
              + DispatcherSettings.WINDOW_MIN
              + ", which must be over 0; were "
              + windowMax
              + " and "
              + windowMin);
    }
    if (tick.toMillis() < 1 || tickBudget.toMillis() < 1 || tickRecords < 1) {
      throw new IllegalArgumentException(
          DispatcherSettings.TICK
              + ", "
              + DispatcherSettings.TICK_BUDGET
              + " and "
              + DispatcherSettings.TICK_RECORDS
              + " must be over 0");
    }
  }
}
