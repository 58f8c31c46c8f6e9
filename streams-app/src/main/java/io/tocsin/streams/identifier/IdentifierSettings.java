package io.tocsin.streams.identifier;

import io.tocsin.schemas.config.TocsinConfig;
import java.time.Duration;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;

/**
 * The identifier's settings.
 *
 * @param scanInterval how often a scan goes on
 * @param scanBudget what the scans of one thread may take at a time; while input flows they take at
 *     most half as long as was left to the input
 * @param scanRecords how many records one shard may read at a time, which bounds what a transaction
 *     holds
 * @param progressInterval how often a shard tells how far it is
 */
public record IdentifierSettings(
    Duration scanInterval, Duration scanBudget, int scanRecords, Duration progressInterval) {

  private static final String INTERVAL = "identifier.scan.interval.ms";
  private static final String BUDGET = "identifier.scan.budget.ms";
  private static final String RECORDS = "identifier.scan.budget.records";
  private static final String PROGRESS = "identifier.progress.interval.ms";

  public IdentifierSettings {
    if (scanInterval.toMillis() < 1 || scanBudget.toMillis() < 1) {
      throw new IllegalArgumentException(INTERVAL + " and " + BUDGET + " must be at least 1");
    }
    if (scanRecords < 1) {
      throw new IllegalArgumentException(RECORDS + " must be at least 1");
    }
    if (progressInterval.toMillis() < 1) {
      throw new IllegalArgumentException(PROGRESS + " must be at least 1");
    }
  }

  /** Adds the keys to a definition. */
  public static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            INTERVAL,
            Type.LONG,
            10L,
            Range.between(1, 60_000),
            Importance.LOW,
            "How often, in ms, a scan goes on.")
        .define(
            BUDGET,
            Type.LONG,
            // An idle thread waits 10 ms for input between two turns: a fifteenth of the time.
            150L,
            // A transaction lives 10 s by default, and holds at most a few turns.
            Range.between(1, 2_000),
            Importance.LOW,
            "How long, in ms, the scans of one thread may read at a time; input waits meanwhile.")
        .define(
            RECORDS,
            Type.INT,
            20_000,
            Range.between(1, 1_000_000),
            Importance.LOW,
            "How many records one shard may read at a time.")
        .define(
            PROGRESS,
            Type.LONG,
            250L,
            Range.between(1, 60_000),
            Importance.LOW,
            "How often, in ms, a shard tells how far it is.");
  }

  /** Reads the settings. */
  public static IdentifierSettings from(TocsinConfig config) {
    return new IdentifierSettings(
        config.millis(INTERVAL),
        config.millis(BUDGET),
        config.integer(RECORDS),
        config.millis(PROGRESS));
  }
}
