package io.tocsin.cli;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;

/** The settings of the command itself. */
public final class CliKeys {

  /** How long a part waits at its start for what it needs. */
  public static final String START_WAIT_MS = "start.wait.ms";

  /** How long an operator's command waits for Kafka and for answers. */
  public static final String COMMAND_WAIT_MS = "command.wait.ms";

  /** Form of a part's log. */
  public static final String LOG_FORMAT = "log.format";

  /** Least severity that is logged. */
  public static final String LOG_LEVEL = "log.level";

  private CliKeys() {}

  /** Adds the keys to a definition. */
  public static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            START_WAIT_MS,
            Type.LONG,
            60_000L,
            Range.atLeast(0),
            Importance.MEDIUM,
            "How long a part waits at its start for Kafka, the registry and the topics, in"
                + " milliseconds.")
        .define(
            COMMAND_WAIT_MS,
            Type.LONG,
            30_000L,
            Range.atLeast(1),
            Importance.MEDIUM,
            "How long an operator's command waits for Kafka and for intake's answer, in"
                + " milliseconds.")
        .define(
            LOG_FORMAT,
            Type.STRING,
            "text",
            ValidString.in("text", "json"),
            Importance.LOW,
            "Form of a part's log: text, or one JSON object a line.")
        .define(
            LOG_LEVEL,
            Type.STRING,
            "INFO",
            ValidString.in("ERROR", "WARN", "INFO", "DEBUG"),
            Importance.LOW,
            "Least severity a part logs.");
  }
}
