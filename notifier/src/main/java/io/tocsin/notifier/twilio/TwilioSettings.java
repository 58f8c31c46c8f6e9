package io.tocsin.notifier.twilio;

import io.tocsin.schemas.config.TocsinConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/**
 * How to reach Twilio.
 *
 * @param accountSid the account ({@value #ACCOUNT_SID})
 * @param authToken its token ({@value #AUTH_TOKEN}), which also signs callbacks
 * @param from the sending number or sender id ({@value #FROM}); or
 * @param messagingServiceSid the messaging service that picks one ({@value #MESSAGING_SERVICE_SID})
 * @param baseUrl where the API is ({@value #BASE_URL})
 * @param callbackUrl this notifier's HTTP server as Twilio sees it ({@value #CALLBACK_URL});
 *     without it there are no receipts
 * @param connectTimeout how long to wait for a connection ({@value #CONNECT_TIMEOUT})
 * @param readTimeout how long to wait for an answer ({@value #READ_TIMEOUT})
 * @param callTimeout how long a request may take in all ({@value #CALL_TIMEOUT}); a server that
 *     sends an octet now and then is cut off
 * @param codes what Twilio's error codes mean
 */
public record TwilioSettings(
    String accountSid,
    String authToken,
    Optional<String> from,
    Optional<String> messagingServiceSid,
    URI baseUrl,
    Optional<URI> callbackUrl,
    Duration connectTimeout,
    Duration readTimeout,
    Duration callTimeout,
    TwilioCodes codes) {

  public static final String ACCOUNT_SID = "twilio.account.sid";
  public static final String AUTH_TOKEN = "twilio.auth.token";
  public static final String FROM = "twilio.from";
  public static final String MESSAGING_SERVICE_SID = "twilio.messaging.service.sid";
  public static final String BASE_URL = "twilio.base.url";
  public static final String CALLBACK_URL = "twilio.status.callback.url";
  public static final String CONNECT_TIMEOUT = "twilio.timeout.connect.ms";
  public static final String READ_TIMEOUT = "twilio.timeout.read.ms";
  public static final String CALL_TIMEOUT = "twilio.timeout.call.ms";

  public TwilioSettings {
    if (accountSid.isBlank() || authToken.isBlank()) {
      throw new ConfigException(
          ACCOUNT_SID + " and " + AUTH_TOKEN + " are needed to send SMS: set both");
    }
    if (from.isPresent() == messagingServiceSid.isPresent()) {
      throw new ConfigException("Set either " + FROM + " or " + MESSAGING_SERVICE_SID);
    }
  }

  /** Adds the keys to a definition. */
  public static ConfigDef define(ConfigDef definition) {
    definition
        .define(ACCOUNT_SID, Type.STRING, "", Importance.HIGH, "Twilio's account SID.")
        .define(AUTH_TOKEN, Type.PASSWORD, "", Importance.HIGH, "Twilio's auth token.")
        .define(FROM, Type.STRING, "", Importance.HIGH, "Number or sender id that SMS come from.")
        .define(
            MESSAGING_SERVICE_SID,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "Messaging service that picks the sender, instead of twilio.from.")
        .define(
            BASE_URL,
            Type.STRING,
            "https://api.twilio.com",
            Importance.MEDIUM,
            "Where Twilio's API is.")
        .define(
            CALLBACK_URL,
            Type.STRING,
            "",
            Importance.HIGH,
            "The notifier's HTTP server as Twilio sees it, such as https://notices.example.org;"
                + " empty: no receipts.")
        .define(
            CONNECT_TIMEOUT,
            Type.LONG,
            10_000,
            Range.atLeast(1),
            Importance.LOW,
            "Milliseconds to wait for a connection.")
        .define(
            READ_TIMEOUT,
            Type.LONG,
            20_000,
            Range.atLeast(1),
            Importance.LOW,
            "Milliseconds to wait for an answer.")
        .define(
            CALL_TIMEOUT,
            Type.LONG,
            25_000,
            Range.atLeast(1),
            Importance.LOW,
            "Milliseconds a request may take in all; at most dispatch.call.max.ms.");
    return TwilioCodes.define(definition);
  }

  /**
   * Reads the settings.
   *
   * @throws ConfigException naming the key that is wrong
   */
  public static TwilioSettings from(TocsinConfig config) {
    return new TwilioSettings(
        config.string(ACCOUNT_SID),
        config.secret(AUTH_TOKEN).orElse(""),
        config.optional(FROM),
        config.optional(MESSAGING_SERVICE_SID),
        url(BASE_URL, config.string(BASE_URL)),
        config.optional(CALLBACK_URL).map(text -> url(CALLBACK_URL, text)),
        config.millis(CONNECT_TIMEOUT),
        config.millis(READ_TIMEOUT),
        config.millis(CALL_TIMEOUT),
        TwilioCodes.from(config));
  }

  /** The same, without receipts: no callbacks are asked for. */
  public TwilioSettings withoutReceipts() {
    return new TwilioSettings(
        accountSid,
        authToken,
        from,
        messagingServiceSid,
        baseUrl,
        Optional.empty(),
        connectTimeout,
        readTimeout,
        callTimeout,
        codes);
  }

  private static URI url(String key, String text) {
    try {
      URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web
          && uri.getHost() != null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new ConfigException(key + " is not an address: " + e.getReason());
    }
    throw new ConfigException(key + " is not an http or https address without a query");
  }

  @Override
  public String toString() {
    return "TwilioSettings[" + accountSid + " at " + baseUrl + "]";
  }
}
