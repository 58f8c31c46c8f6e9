package io.tocsin.notifier.twilio;

import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.notifier.attempt.Outcome;
import io.tocsin.notifier.attempt.Reasons;
import io.tocsin.schemas.config.TocsinConfig;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Twilio's error codes mean for an attempt. A code in none of the sets is retried as transient
 * and logged, so that somebody looks it up and puts it where it belongs.
 *
 * @param permanent this person cannot be reached by SMS ({@value #PERMANENT})
 * @param channel our own configuration is at fault ({@value #CHANNEL})
 * @param country our own configuration is at fault, for the recipient's country ({@value #COUNTRY})
 * @param transientCodes not now ({@value #TRANSIENT})
 * @param unknown the message may have been taken ({@value #UNKNOWN})
 */
public record TwilioCodes(
    Set<String> permanent,
    Set<String> channel,
    Set<String> country,
    Set<String> transientCodes,
    Set<String> unknown) {

  public static final String PERMANENT = "twilio.codes.permanent";
  public static final String CHANNEL = "twilio.codes.channel";
  public static final String COUNTRY = "twilio.codes.country";
  public static final String TRANSIENT = "twilio.codes.transient";
  public static final String UNKNOWN = "twilio.codes.unknown";

  private static final Logger log = LoggerFactory.getLogger(TwilioCodes.class);

  static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            PERMANENT,
            Type.LIST,
            "21211,21614,21610,21612,30004,30005,30006",
            Importance.LOW,
            "Twilio's codes that put the person on the substitute list.")
        .define(
            CHANNEL,
            Type.LIST,
            "20003,21606,21212,30002,30007",
            Importance.LOW,
            "Twilio's codes that pause the channel.")
        .define(
            COUNTRY,
            Type.LIST,
            "21408",
            Importance.LOW,
            "Twilio's codes that pause the recipient's country.")
        .define(
            TRANSIENT,
            Type.LIST,
            "20429,21611,30001,30003,30008,30036",
            Importance.LOW,
            "Twilio's codes after which the attempt is made again.")
        .define(
            UNKNOWN,
            Type.LIST,
            "20500",
            Importance.LOW,
            "Twilio's codes after which the message may have been taken.");
  }

  static TwilioCodes from(TocsinConfig config) {
    return new TwilioCodes(
        codes(config, PERMANENT),
        codes(config, CHANNEL),
        codes(config, COUNTRY),
        codes(config, TRANSIENT),
        codes(config, UNKNOWN));
  }

  private static Set<String> codes(TocsinConfig config, String key) {
    List<String> codes = config.list(key);
    for (String code : codes) {
      if (!code.matches("[0-9]{1,6}")) {
        throw new ConfigException(key + " holds " + code + ", which is not a code of Twilio's");
      }
    }
    return codes.stream().collect(Collectors.toUnmodifiableSet());
  }

  /** The outcome of a refusal. */
  Outcome outcome(String code) {
    return kind(code).withCode(code);
  }

  /**
   * Whether a message that came back with this code may arrive another time: the handset was off,
   * or the fault is ours.
   */
  public boolean isForNow(String code) {
    return transientCodes.contains(code) || channel.contains(code) || country.contains(code);
  }

  private Outcome kind(String code) {
    if (permanent.contains(code)) {
      return Outcome.of(DeliveryEventKind.REJECTED_PERMANENT, Reasons.REFUSED);
    }
    if (channel.contains(code)) {
      return Outcome.channelFault(Reasons.REFUSED);
    }
    if (country.contains(code)) {
      return Outcome.destinationFault(Reasons.REFUSED);
    }
    if (unknown.contains(code)) {
      return Outcome.unknown(Reasons.NO_ANSWER);
    }
    if (transientCodes.contains(code)) {
      return Outcome.of(DeliveryEventKind.REJECTED_TRANSIENT, Reasons.REFUSED);
    }
    log.atWarn()
        .addKeyValue("code", code)
        .log(
            "Twilio answered a code that is in none of twilio.codes.*; it is retried as transient");
    return Outcome.of(DeliveryEventKind.REJECTED_TRANSIENT, Reasons.UNLISTED_CODE);
  }
}
