package io.tocsin.bench.tell;

import io.tocsin.avro.Channel;
import io.tocsin.bench.BenchStack;
import io.tocsin.cli.sample.SampleFiles;
import io.tocsin.notifier.smtp.SmtpSettings;
import io.tocsin.notifier.twilio.TwilioSettings;
import io.tocsin.schemas.config.CommonKeys;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The sample operator's settings, with servers on this machine in the place of providers. */
final class TellSettings {

  private TellSettings() {}

  /**
   * Starts broker and registry.
   *
   * @param partitions of users and of the commands
   * @param settings what the user has set
   */
  static BenchStack stack(
      Path folder, int partitions, Map<String, String> settings, List<String> parts)
      throws Exception {
    Map<String, String> all = new HashMap<>(SampleFiles.properties("any2text.properties"));
    all.put(CommonKeys.USERS_PARTITIONS, Integer.toString(partitions));
    all.put(TwilioSettings.ACCOUNT_SID, "AC" + "0".repeat(32));
    all.put(TwilioSettings.AUTH_TOKEN, "no-secret");
    all.put(TwilioSettings.FROM, "Any2text");
    all.put(SmtpSettings.STARTTLS, "off");
    all.putAll(settings);
    return BenchStack.start(folder, all, parts);
  }

  /** How many attempts of a channel there can be at a time. */
  static Map<String, String> concurrency(Channel channel, int attempts) {
    return Map.of(
        "notifier." + channel.name().toLowerCase(Locale.ROOT) + ".concurrency",
        Integer.toString(attempts));
  }
}
