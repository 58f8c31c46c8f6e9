package io.tocsin.notifier.smtp;

import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.contact.EmailAddress;
import io.tocsin.schemas.contact.InvalidContactException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;

/**
 * How to reach the SMTP server.
 *
 * @param host its name or address ({@value #HOST})
 * @param port its port ({@value #PORT})
 * @param login what to authenticate with ({@value #USERNAME}, {@value #PASSWORD}), if anything
 * @param startTls whether to encrypt ({@value #STARTTLS})
 * @param tlsSockets what trusts the server's certificate ({@value #CA_FILE}); without it, Java's
 *     own list does
 * @param from the sender that recipients see ({@value #FROM}, {@value #FROM_NAME})
 * @param fromName the sender's name; may be empty
 * @param helo what to call ourselves ({@value #HELO}); empty for this machine's name
 * @param bounceDomain the domain of envelope senders that carry a token ({@value #BOUNCE_DOMAIN});
 *     without it bounces go to the sender
 * @param dkim what messages are signed with; without it they are not signed here
 * @param connectTimeout how long to wait for a connection ({@value #CONNECT_TIMEOUT})
 * @param readTimeout how long to wait for an answer ({@value #READ_TIMEOUT}); RFC 5321 asks for ten
 *     minutes after the final dot, which would hold a slot as long
 * @param callTimeout how long an attempt may take in all, from the connection to the last answer
 *     ({@value #CALL_TIMEOUT}); a server that sends an octet now and then is cut off
 * @param idle how long an unused connection is kept ({@value #IDLE})
 * @param messagesPerConnection how many messages a connection carries before it is renewed ({@value
 *     #PER_CONNECTION})
 */
public record SmtpSettings(
    String host,
    int port,
    Optional<Login> login,
    StartTls startTls,
    Optional<SSLSocketFactory> tlsSockets,
    EmailAddress from,
    String fromName,
    String helo,
    Optional<String> bounceDomain,
    Optional<DkimSettings> dkim,
    Duration connectTimeout,
    Duration readTimeout,
    Duration callTimeout,
    Duration idle,
    int messagesPerConnection) {

  public static final String HOST = "smtp.host";
  public static final String PORT = "smtp.port";
  public static final String USERNAME = "smtp.username";
  public static final String PASSWORD = "smtp.password";
  public static final String STARTTLS = "smtp.starttls";
  public static final String CA_FILE = "smtp.tls.ca.file";
  public static final String FROM = "smtp.from";
  public static final String FROM_NAME = "smtp.from.name";
  public static final String HELO = "smtp.helo";
  public static final String BOUNCE_DOMAIN = "smtp.bounce.domain";
  public static final String CONNECT_TIMEOUT = "smtp.timeout.connect.ms";
  public static final String READ_TIMEOUT = "smtp.timeout.read.ms";
  public static final String CALL_TIMEOUT = "smtp.timeout.call.ms";
  public static final String IDLE = "smtp.idle.ms";
  public static final String PER_CONNECTION = "smtp.messages.per.connection";

  /** Credentials; never printed. */
  public record Login(String username, String password) {
    @Override
    public String toString() {
      return "Login[redacted]";
    }
  }

  /** Encryption by STARTTLS (RFC 3207); certificates are checked whenever it is used. */
  public enum StartTls {
    /** Never. */
    OFF,
    /** If the server offers it. */
    OPTIONAL,
    /** Always; a server without it gets nothing. */
    REQUIRED
  }

  public SmtpSettings {
    if (host.isBlank()) {
      throw new ConfigException(HOST + " is empty: name the SMTP server");
    }
    refuseControls(FROM_NAME, fromName);
    refuseControls(HELO, helo);
  }

  /** Adds the keys to a definition. */
  public static ConfigDef define(ConfigDef definition) {
    return DkimSettings.define(definition)
        .define(HOST, Type.STRING, "127.0.0.1", Importance.HIGH, "The SMTP server.")
        .define(
            PORT, Type.INT, 25, Range.between(1, 65535), Importance.HIGH, "The SMTP server's port.")
        .define(USERNAME, Type.STRING, "", Importance.MEDIUM, "User for SMTP AUTH; empty for none.")
        .define(PASSWORD, Type.PASSWORD, "", Importance.MEDIUM, "Password for SMTP AUTH.")
        .define(
            STARTTLS,
            Type.STRING,
            "optional",
            ValidString.in("off", "optional", "required"),
            Importance.MEDIUM,
            "Encryption by STARTTLS: off, optional (if offered) or required.")
        .define(
            CA_FILE,
            Type.STRING,
            "",
            Importance.LOW,
            "PEM file of the certificates to trust in STARTTLS, instead of Java's own list.")
        .define(
            FROM,
            Type.STRING,
            "notices@localhost.localdomain",
            Importance.HIGH,
            "Address that notices are sent from.")
        .define(FROM_NAME, Type.STRING, "", Importance.MEDIUM, "Name beside that address.")
        .define(
            HELO,
            Type.STRING,
            "",
            Importance.LOW,
            "Name this machine gives in EHLO; empty for its own.")
        .define(
            BOUNCE_DOMAIN,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "Domain of envelope senders that carry a receipt token; empty: bounces go to"
                + " smtp.from.")
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
            "Milliseconds an attempt may take in all; at most dispatch.call.max.ms.")
        .define(
            IDLE,
            Type.LONG,
            20_000,
            Range.atLeast(0),
            Importance.LOW,
            "Milliseconds an unused connection is kept.")
        .define(
            PER_CONNECTION,
            Type.INT,
            10_000,
            Range.atLeast(1),
            Importance.LOW,
            "Messages that one connection carries before it is renewed.");
  }

  /**
   * Reads the settings.
   *
   * @throws ConfigException naming the key that is wrong
   */
  public static SmtpSettings from(TocsinConfig config) {
    Optional<String> user = config.optional(USERNAME);
    Optional<String> password = config.secret(PASSWORD);
    if (user.isPresent() != password.isPresent()) {
      throw new ConfigException(
          USERNAME + " and " + PASSWORD + " belong together: set both or none");
    }
    EmailAddress from = address(config.string(FROM));
    return new SmtpSettings(
        config.string(HOST),
        config.integer(PORT),
        user.map(name -> new Login(name, password.orElseThrow())),
        StartTls.valueOf(config.string(STARTTLS).toUpperCase(Locale.ROOT)),
        config.optional(CA_FILE).map(SmtpSettings::trusting),
        from,
        config.string(FROM_NAME),
        config.string(HELO),
        config.optional(BOUNCE_DOMAIN),
        DkimSettings.from(config, from),
        config.millis(CONNECT_TIMEOUT),
        config.millis(READ_TIMEOUT),
        config.millis(CALL_TIMEOUT),
        config.millis(IDLE),
        config.integer(PER_CONNECTION));
  }

  /** The same, of another server. */
  public SmtpSettings at(String otherHost, int otherPort) {
    return with(otherHost, otherPort, bounceDomain);
  }

  /** The same, without receipts: bounces go to the sender. */
  public SmtpSettings withoutReceipts() {
    return with(host, port, Optional.empty());
  }

  private SmtpSettings with(String newHost, int newPort, Optional<String> newBounceDomain) {
    return new SmtpSettings(
        newHost,
        newPort,
        login,
        startTls,
        tlsSockets,
        from,
        fromName,
        helo,
        newBounceDomain,
        dkim,
        connectTimeout,
        readTimeout,
        callTimeout,
        idle,
        messagesPerConnection);
  }

  private static SSLSocketFactory trusting(String caFile) {
    try {
      return TrustedCertificates.sockets(Path.of(caFile));
    } catch (IOException | GeneralSecurityException e) {
      throw new ConfigException(
          CA_FILE
              + ": "
              + caFile
              + " cannot be read, or holds no certificate in PEM ("
              + e.getClass().getSimpleName()
              + ")");
    }
  }

  private static EmailAddress address(String text) {
    try {
      return EmailAddress.parse(text);
    } catch (InvalidContactException e) {
      throw new ConfigException(FROM + ": " + e.getMessage());
    }
  }

  private static void refuseControls(String key, String value) {
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw new ConfigException(key + " has a line break or control character; remove it");
    }
  }
}
