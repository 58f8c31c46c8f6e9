package io.tocsin.notifier.bounces;

import io.tocsin.notifier.smtp.SmtpSettings;
import io.tocsin.schemas.config.TocsinConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/**
 * Where and how bounces are taken.
 *
 * @param address the address to listen on ({@value #HOST})
 * @param port the port to listen on ({@value #PORT}); 0 takes a free one
 * @param domain the domain of envelope senders, in lower case ({@value SmtpSettings#BOUNCE_DOMAIN})
 * @param maxBytes the longest message taken ({@value #MAX_BYTES})
 * @param connections how many connections may be open at a time ({@value #CONNECTIONS})
 * @param idle how long a connection may be silent ({@value #IDLE})
 * @param messageTime how long a message may take to come in ({@value #MESSAGE_TIME})
 * @param kafkaTime how long to wait for Kafka's acknowledgement ({@value #KAFKA_TIME})
 */
public record BounceSettings(
    InetAddress address,
    int port,
    String domain,
    int maxBytes,
    int connections,
    Duration idle,
    Duration messageTime,
    Duration kafkaTime) {

  public static final String HOST = "bounces.host";
  public static final String PORT = "bounces.port";
  public static final String MAX_BYTES = "bounces.message.max.bytes";
  public static final String CONNECTIONS = "bounces.connections.max";
  public static final String IDLE = "bounces.timeout.idle.ms";
  public static final String MESSAGE_TIME = "bounces.timeout.message.ms";
  public static final String KAFKA_TIME = "bounces.timeout.kafka.ms";

  /** Adds the keys to a definition. */
  public static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            HOST,
            Type.STRING,
            "127.0.0.1",
            Importance.MEDIUM,
            "Address on which the notifier takes bounces by SMTP.")
        .define(
            PORT,
            Type.INT,
            0,
            Range.between(0, 65535),
            Importance.MEDIUM,
            "Port of the same; 0 takes no bounces. Needs smtp.bounce.domain.")
        .define(
            MAX_BYTES,
            Type.INT,
            1024 * 1024,
            Range.between(16 * 1024, 64 * 1024 * 1024),
            Importance.LOW,
            "Longest bounce taken, in bytes.")
        .define(
            CONNECTIONS,
            Type.INT,
            50,
            Range.atLeast(1),
            Importance.LOW,
            "Connections that may bring bounces at a time.")
        .define(
            IDLE,
            Type.LONG,
            60_000,
            Range.between(1, Integer.MAX_VALUE),
            Importance.LOW,
            "Milliseconds such a connection may be silent.")
        .define(
            MESSAGE_TIME,
            Type.LONG,
            300_000,
            Range.atLeast(1),
            Importance.LOW,
            "Milliseconds a bounce may take to come in.")
        .define(
            KAFKA_TIME,
            Type.LONG,
            10_000,
            Range.atLeast(1),
            Importance.LOW,
            "Milliseconds to wait for Kafka before the mail server is asked to try again.");
  }

  /**
   * Reads the settings; empty if no bounces are to be taken.
   *
   * @throws ConfigException naming the key that is wrong
   */
  public static Optional<BounceSettings> from(TocsinConfig config) {
    int port = config.integer(PORT);
    if (port == 0) {
      return Optional.empty();
    }
    String domain =
        config
            .optional(SmtpSettings.BOUNCE_DOMAIN)
            .orElseThrow(() ->
                new ConfigException(
                    PORT
                        + " needs "
                        + SmtpSettings.BOUNCE_DOMAIN
                        + ": without it no message has a sender that bounces could come back to"));
    return Optional.of(
        new BounceSettings(
            address(config.string(HOST)),
            port,
            domain.toLowerCase(Locale.ROOT),
            config.integer(MAX_BYTES),
            config.integer(CONNECTIONS),
            config.millis(IDLE),
            config.millis(MESSAGE_TIME),
            config.millis(KAFKA_TIME)));
  }

  private static InetAddress address(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new ConfigException(HOST + " is no address of this machine: " + host);
    }
  }
}
