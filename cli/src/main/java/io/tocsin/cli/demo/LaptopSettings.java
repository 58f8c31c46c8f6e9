package io.tocsin.cli.demo;

import io.tocsin.cli.CliKeys;
import io.tocsin.cli.sample.SampleFiles;
import io.tocsin.notifier.run.ChannelSettings;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.streams.dispatcher.DispatcherSettings;
import java.util.Map;

/**
 * What {@code up} writes in place of the defaults, which are meant for production: few partitions,
 * and retries that a person can watch. Whatever the user has configured goes first.
 */
final class LaptopSettings {

  /** Where the streams parts keep their stores. */
  static final String STATE_DIR = "state.dir";

  /** Partitions: fixed once the topics exist, so an older folder keeps its own. */
  static final Map<String, String> PARTITIONS =
      Map.of(CommonKeys.USERS_PARTITIONS, "2", CommonKeys.HOLDINGS_PARTITIONS, "2");

  /** The rest. */
  static final Map<String, String> PRESETS =
      Map.ofEntries(
          Map.entry(CliKeys.START_WAIT_MS, "180000"),
          Map.entry(CliKeys.COMMAND_WAIT_MS, "60000"),
          Map.entry(ChannelSettings.INSTANCE_ID, "notifier"),
          Map.entry(DispatcherSettings.RETRY_FIRST, "1000"),
          Map.entry(DispatcherSettings.RETRY_MAX, "15000"),
          Map.entry(DispatcherSettings.REISSUE_MAX, "5000"),
          Map.entry(DispatcherSettings.ASK_FIRST, "1000"),
          Map.entry(DispatcherSettings.ASK_MAX, "5000"),
          Map.entry(DispatcherSettings.RECONCILE_WINDOW, "5000"));

  /** Who tells: the sample operator. */
  static final Map<String, String> CONTROLLER = SampleFiles.properties("any2text.properties");

  /** Twilio's magic number of a good sender. */
  static final String SMS_SENDER = "+15005550006";

  /** Of the streams and notifier processes. */
  static final String HEAP = "-Xmx384m";

  private LaptopSettings() {}
}
