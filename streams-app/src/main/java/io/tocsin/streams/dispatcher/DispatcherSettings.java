package io.tocsin.streams.dispatcher;

import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.TocsinConfig;
import java.time.Duration;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;

/**
 * The dispatcher's settings.
 *
 * @param usersPartitions partitions of the topics keyed by user
 * @param policy how long what is waited for
 * @param pacing how fast a partition goes
 */
public record DispatcherSettings(int usersPartitions, SendPolicy policy, Pacing pacing) {

  /** How far clocks may differ; shared with the notifier. */
  public static final String CLOCK_SKEW = "clock.skew.max.ms";

  /** How long an attempt may wait before it starts. */
  public static final String COMMAND_TTL = "dispatch.command.ttl.ms";

  /** The longest call of a provider. */
  public static final String CALL_MAX = "dispatch.call.max.ms";

  /** When a silent command becomes UNKNOWN. */
  public static final String SILENCE = "dispatch.silence.ms";

  /** First pause before a re-issue. */
  public static final String REISSUE = "dispatch.reissue.ms";

  /** Longest pause before a re-issue. */
  public static final String REISSUE_MAX = "dispatch.reissue.max.ms";

  /** First pause before a retry. */
  public static final String RETRY_FIRST = "dispatch.retry.first.ms";

  /** Longest pause before a retry. */
  public static final String RETRY_MAX = "dispatch.retry.max.ms";

  /** The end of retries. */
  public static final String DEADLINE = "dispatch.deadline.ms";

  /** First pause before asking again. */
  public static final String ASK_FIRST = "dispatch.reconcile.first.ms";

  /** Longest pause before asking again. */
  public static final String ASK_MAX = "dispatch.reconcile.pause.max.ms";

  /** How long "not found" may be wrong. */
  public static final String RECONCILE_WINDOW = "dispatch.reconcile.window.ms";

  /** How long a provider is asked. */
  public static final String RECONCILE_MAX = "dispatch.reconcile.max.ms";

  /** Pause after a message came back for now. */
  public static final String RETURNED_PAUSE = "dispatch.returned.pause.ms";

  /** How often a message may come back. */
  public static final String RETURNED_MAX = "dispatch.returned.max";

  /** How long an SMS may stay without a receipt. */
  public static final String RECEIPT_WINDOW = "dispatch.receipt.window.ms";

  /** Smallest window of outstanding commands. */
  public static final String WINDOW_MIN = "dispatch.window.min";

  /** Largest window of outstanding commands. */
  public static final String WINDOW_MAX = "dispatch.window.max";

  /** How often a partition does what no record asks for. */
  public static final String TICK = "dispatch.tick.ms";

  /** How long each kind of such work may take. */
  public static final String TICK_BUDGET = "dispatch.tick.budget.ms";

  /** How many records each kind of such work may touch. */
  public static final String TICK_RECORDS = "dispatch.tick.records";

  /** How often progress is published. */
  public static final String PROGRESS = "dispatch.progress.ms";

  public DispatcherSettings {
    if (usersPartitions < 1) {
      throw new IllegalArgumentException(
          CommonKeys.USERS_PARTITIONS + " must be over 0, was " + usersPartitions);
    }
  }

  /** Reads the settings; the keys are those of {@link #define} and {@link CommonKeys}. */
  public static DispatcherSettings from(TocsinConfig config) {
    return new DispatcherSettings(
        config.integer(CommonKeys.USERS_PARTITIONS),
        new SendPolicy(
            config.millis(COMMAND_TTL),
            config.millis(CALL_MAX),
            config.millis(CLOCK_SKEW),
            config.millis(SILENCE),
            config.millis(REISSUE),
            config.millis(REISSUE_MAX),
            config.millis(RETRY_FIRST),
            config.millis(RETRY_MAX),
            config.millis(DEADLINE),
            config.millis(ASK_FIRST),
            config.millis(ASK_MAX),
            config.millis(RECONCILE_WINDOW),
            config.millis(RECONCILE_MAX),
            config.millis(RETURNED_PAUSE),
            config.integer(RETURNED_MAX),
            config.millis(RECEIPT_WINDOW)),
        new Pacing(
            config.integer(WINDOW_MIN),
            config.integer(WINDOW_MAX),
            config.millis(TICK),
            config.millis(TICK_BUDGET),
            config.integer(TICK_RECORDS),
            config.millis(PROGRESS)));
  }

  /** Adds the dispatcher's keys to a definition. */
  public static ConfigDef define(ConfigDef definition) {
    if (!definition.names().contains(CLOCK_SKEW)) {
      millis(
          definition, CLOCK_SKEW, 2_000, "How far the clocks of two processes may differ, in ms.");
    }
    millis(
        definition,
        COMMAND_TTL,
        30_000,
        "How long after it is issued an attempt may start, in ms.");
    millis(definition, CALL_MAX, 30_000, "The longest an attempt takes once started, in ms.");
    millis(
        definition,
        SILENCE,
        600_000,
        "How long after it is issued an attempt nobody reports on becomes UNKNOWN, in ms.");
    millis(
        definition,
        REISSUE,
        1_000,
        "Pause before an attempt that was not tried is issued again, in ms.");
    millis(
        definition,
        REISSUE_MAX,
        60_000,
        "Longest such pause, in ms; it doubles with every channel fault in a row.");
    millis(definition, RETRY_FIRST, 60_000, "Pause after the first refusal for now, in ms.");
    millis(
        definition,
        RETRY_MAX,
        14_400_000,
        "Longest such pause, in ms; it doubles with every refusal.");
    millis(
        definition,
        DEADLINE,
        259_200_000,
        "How long after the first attempt the last retry may be, in ms.");
    millis(
        definition,
        ASK_FIRST,
        5_000,
        "Pause before a provider that could not say is asked again, in ms.");
    millis(
        definition,
        ASK_MAX,
        60_000,
        "Longest such pause, in ms; it doubles with every such answer.");
    millis(
        definition,
        RECONCILE_WINDOW,
        30_000,
        "How long after an attempt a provider's \"not found\" may still be wrong, in ms.");
    millis(
        definition,
        RECONCILE_MAX,
        600_000,
        "How long a provider that cannot say is asked before the attempt is repeated, in ms.");
    millis(
        definition,
        RETURNED_PAUSE,
        3_600_000,
        "Pause before a message that a receipt says came back for now (mailbox full, handset off)"
            + " is sent again, in ms.");
    millis(
        definition,
        RECEIPT_WINDOW,
        259_200_000,
        "How long an accepted SMS may stay without a receipt before it is UNCONFIRMED, in ms.");
    millis(definition, TICK, 50, "How often a partition looks at timers and walks, in ms.");
    millis(
        definition, TICK_BUDGET, 8, "How long each kind of such work may take in a tick, in ms.");
    millis(
        definition, PROGRESS, 250, "How often an incident's progress is published at most, in ms.");
    return definition
        .define(
            RETURNED_MAX,
            Type.INT,
            3,
            Range.atLeast(0),
            Importance.MEDIUM,
            "How often such a message may come back and be sent again before the channel counts as"
                + " unreachable for this person.")
        .define(
            TICK_RECORDS,
            Type.INT,
            2_000,
            Range.atLeast(1),
            Importance.LOW,
            "How many records each kind of such work may touch in a tick.")
        .define(
            WINDOW_MIN,
            Type.INT,
            64,
            Range.atLeast(1),
            Importance.MEDIUM,
            "Commands that may always be outstanding per channel and partition.")
        .define(
            WINDOW_MAX,
            Type.INT,
            5_000,
            Range.atLeast(1),
            Importance.MEDIUM,
            "Commands that may at most be outstanding per channel and partition; between the two,"
                + " about one second of the measured rate.");
  }

  private static void millis(ConfigDef definition, String key, long value, String doc) {
    definition.define(
        key,
        Type.LONG,
        Duration.ofMillis(value).toMillis(),
        Range.atLeast(0),
        Importance.MEDIUM,
        doc);
  }
}
