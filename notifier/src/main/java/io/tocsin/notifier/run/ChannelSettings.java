package io.tocsin.notifier.run;

import io.tocsin.avro.Channel;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.TocsinConfig;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/**
 * How one channel's loop works.
 *
 * @param channel the channel
 * @param slots how many attempts there can be at a time, and so how many can become UNKNOWN in a
 *     crash
 * @param ratePerSecond how many attempts may start in a second; 0 for no limit
 * @param lease how long after the last acknowledged commit an attempt may start ({@value #LEASE})
 * @param sessionTimeout how long the group waits for a member that is silent ({@value
 *     #SESSION_TIMEOUT})
 * @param drain how long a stop or rebalance waits for attempts in flight ({@value #DRAIN})
 * @param breakerFaults how many of the last twenty results must blame the channel, or a country or
 *     domain, to pause it ({@value #BREAKER_FAULTS})
 * @param breakerPause how long it is then left alone ({@value #BREAKER_PAUSE})
 * @param usersPartitions partitions of delivery-events
 * @param instanceId who this process is in the groups, over restarts ({@value #INSTANCE_ID}); empty
 *     for nobody in particular
 */
public record ChannelSettings(
    Channel channel,
    int slots,
    int ratePerSecond,
    Duration lease,
    Duration sessionTimeout,
    Duration drain,
    int breakerFaults,
    Duration breakerPause,
    int usersPartitions,
    Optional<String> instanceId) {

  public static final String LEASE = "notifier.lease.ms";
  public static final String SESSION_TIMEOUT = "notifier.session.timeout.ms";
  public static final String DRAIN = "notifier.drain.ms";
  public static final String BREAKER_FAULTS = "notifier.breaker.faults";
  public static final String BREAKER_PAUSE = "notifier.breaker.pause.ms";
  public static final String INSTANCE_ID = "notifier.instance.id";

  private static final int MAX_SLOTS = 1_000;

  public ChannelSettings {
    if (lease.compareTo(sessionTimeout) >= 0) {
      throw new ConfigException(
          LEASE
              + " must be shorter than "
              + SESSION_TIMEOUT
              + ": another instance may take over after that");
    }
  }

  /** Adds the keys to a definition. */
  public static ConfigDef define(ConfigDef definition) {
    for (Channel channel : Channel.values()) {
      definition
          .define(
              concurrencyKey(channel),
              Type.INT,
              32,
              Range.between(1, MAX_SLOTS),
              Importance.MEDIUM,
              "Attempts at a time by " + channel + "; as many can be in doubt after a crash.")
          .define(
              rateKey(channel),
              Type.INT,
              0,
              Range.atLeast(0),
              Importance.MEDIUM,
              "Attempts started in a second by " + channel + "; 0 for no limit.");
    }
    return definition
        .define(
            LEASE,
            Type.LONG,
            6_000,
            Range.atLeast(100),
            Importance.LOW,
            "Milliseconds after the last acknowledged commit in which attempts may start.")
        .define(
            SESSION_TIMEOUT,
            Type.LONG,
            10_000,
            Range.atLeast(1_000),
            Importance.MEDIUM,
            "Milliseconds of silence after which another instance takes over.")
        .define(
            DRAIN,
            Type.LONG,
            90_000,
            Range.atLeast(0),
            Importance.LOW,
            "Milliseconds that a stop or rebalance waits for attempts in flight.")
        .define(
            INSTANCE_ID,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "Name of this notifier, unlike any other's: killed and started again, it goes on with"
                + " its partitions at once instead of after the session time-out; empty: it has"
                + " none.")
        .define(
            BREAKER_FAULTS,
            Type.INT,
            10,
            Range.between(1, 20),
            Importance.LOW,
            "How many of the last 20 results must blame the channel, or the country or domain they"
                + " went to, to pause it.")
        .define(
            BREAKER_PAUSE,
            Type.LONG,
            30_000,
            Range.atLeast(1),
            Importance.LOW,
            "Milliseconds that a paused channel, country or domain waits before one message is"
                + " tried.");
  }

  /** Reads a channel's settings. */
  public static ChannelSettings from(TocsinConfig config, Channel channel) {
    return new ChannelSettings(
        channel,
        config.integer(concurrencyKey(channel)),
        config.integer(rateKey(channel)),
        config.millis(LEASE),
        config.millis(SESSION_TIMEOUT),
        config.millis(DRAIN),
        config.integer(BREAKER_FAULTS),
        config.millis(BREAKER_PAUSE),
        config.integer(CommonKeys.USERS_PARTITIONS),
        config.optional(INSTANCE_ID));
  }

  /** The consumer group of the channel. */
  public String group() {
    return "tocsin-notifier-" + word(channel);
  }

  /** The channel's name in metrics. */
  public String word() {
    return word(channel);
  }

  private static String word(Channel channel) {
    return channel.name().toLowerCase(Locale.ROOT);
  }

  private static String concurrencyKey(Channel channel) {
    return "notifier." + word(channel) + ".concurrency";
  }

  private static String rateKey(Channel channel) {
    return "notifier." + word(channel) + ".rate";
  }
}
