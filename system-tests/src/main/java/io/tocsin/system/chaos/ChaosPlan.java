package io.tocsin.system.chaos;

import io.tocsin.notifier.run.ChannelSettings;
import io.tocsin.notifier.smtp.SmtpSettings;
import io.tocsin.notifier.twilio.TwilioSettings;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.streams.dispatcher.DispatcherSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How large a run is, and how fast.
 *
 * @param people each gets an e-mail and an SMS
 * @param kills SIGKILLs
 * @param seed of what goes wrong and what is killed
 * @param share of the tries that something goes wrong with
 * @param streams processes of intake, identifier and dispatcher
 * @param notifiers notifiers
 * @param slots attempts at a time, per notifier and channel
 * @param pace about how long there is between two kills, outages not counted
 * @param patience the longest that no message may leave after a kill
 */
record ChaosPlan(
    int people,
    int kills,
    long seed,
    double share,
    int streams,
    int notifiers,
    int slots,
    Duration pace,
    Duration patience) {

  static final int USERS_PARTITIONS = 4;
  private static final double KILLED_WITHIN = 0.75;
  private static final long LONGEST_ANSWER_MS = 1_000;

  ChaosPlan {
    if (people < 1 || kills < 0 || streams < 1 || notifiers < 1 || slots < 1) {
      throw new IllegalArgumentException("a run needs people, parts and slots");
    }
    if (share < 0 || share > 0.2) {
      throw new IllegalArgumentException(
          "over 0.2 the notifiers would rightly pause their channels; was " + share);
    }
  }

  /** Messages if each goes well. */
  long deliveries() {
    return 2L * people;
  }

  /**
   * How long a provider takes over a message: as long as spreads the deliveries over the kills with
   * every slot occupied, which is when a kill hurts most.
   */
  Duration answer() {
    double perChannelAndSecond =
        people * KILLED_WITHIN / Math.max(1, kills * pace.toMillis() / 1_000.0);
    long millis = Math.round(1_000.0 * slots * notifiers / perChannelAndSecond);
    return kills == 0 ? Duration.ZERO : Duration.ofMillis(Math.min(millis, LONGEST_ANSWER_MS));
  }

  /** What the parts are configured with beyond their addresses: waits short enough for a run. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>(WAITS);
    settings.put(CommonKeys.USERS_PARTITIONS, Integer.toString(USERS_PARTITIONS));
    settings.put(CommonKeys.HOLDINGS_PARTITIONS, "2");
    settings.put("notifier.email.concurrency", Integer.toString(slots));
    settings.put("notifier.sms.concurrency", Integer.toString(slots));
    return settings;
  }

  /** The settings that {@code --help} names. */
  static final Map<String, String> WAITS =
      Map.ofEntries(
          Map.entry(DispatcherSettings.COMMAND_TTL, "8000"),
          Map.entry(DispatcherSettings.CALL_MAX, "5000"),
          Map.entry(DispatcherSettings.CLOCK_SKEW, "500"),
          Map.entry(DispatcherSettings.SILENCE, "60000"),
          Map.entry(DispatcherSettings.REISSUE, "200"),
          Map.entry(DispatcherSettings.REISSUE_MAX, "2000"),
          Map.entry(DispatcherSettings.RETRY_FIRST, "500"),
          Map.entry(DispatcherSettings.RETRY_MAX, "3000"),
          Map.entry(DispatcherSettings.ASK_FIRST, "500"),
          Map.entry(DispatcherSettings.ASK_MAX, "2000"),
          Map.entry(DispatcherSettings.RECONCILE_WINDOW, "3000"),
          Map.entry(DispatcherSettings.RECONCILE_MAX, "60000"),
          Map.entry(DispatcherSettings.WINDOW_MIN, "32"),
          Map.entry(ChannelSettings.BREAKER_PAUSE, "1000"),
          Map.entry(SmtpSettings.READ_TIMEOUT, "3000"),
          Map.entry(TwilioSettings.READ_TIMEOUT, "3000"));
}
