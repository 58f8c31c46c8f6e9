package io.tocsin.notifier;

import io.tocsin.notifier.bounces.BounceSettings;
import io.tocsin.notifier.run.ChannelSettings;
import io.tocsin.notifier.smtp.SmtpSettings;
import io.tocsin.notifier.twilio.TwilioSettings;
import org.apache.kafka.common.config.ConfigDef;

/** The settings that only the notifier knows. */
public final class NotifierKeys {

  private NotifierKeys() {}

  /** Adds the keys to a definition. */
  public static ConfigDef define(ConfigDef definition) {
    return BounceSettings.define(
        TwilioSettings.define(SmtpSettings.define(ChannelSettings.define(definition))));
  }
}
