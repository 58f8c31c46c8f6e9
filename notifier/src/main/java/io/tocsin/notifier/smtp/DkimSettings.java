package io.tocsin.notifier.smtp;

import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.contact.EmailAddress;
import java.io.IOException;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/**
 * What messages are signed with (RFC 6376).
 *
 * @param domain who answers for them, in ASCII ({@value #DOMAIN}): the sender's domain or a parent
 *     of it, so that the signature counts for DMARC (RFC 7489 section 3.1.1)
 * @param selector which of the domain's keys this is ({@value #SELECTOR})
 * @param key an RSA key of 2048 to 4096 bits ({@value #KEY_FILE}): RFC 8301 section 3.2
 */
public record DkimSettings(String domain, String selector, RSAPrivateKey key) {

  public static final String DOMAIN = "smtp.dkim.domain";
  public static final String SELECTOR = "smtp.dkim.selector";
  public static final String KEY_FILE = "smtp.dkim.key.file";

  private static final int MIN_BITS = 2048;
  private static final int MAX_BITS = 4096;
  private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  private static final Pattern SELECTORS = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  /** Adds the keys to a definition. */
  static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            DOMAIN,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "Domain that signs messages by DKIM, that of smtp.from or a parent of it; empty: they"
                + " are not signed here.")
        .define(
            SELECTOR,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "Name of the key under that domain: its public half is the TXT record of"
                + " SELECTOR._domainkey.DOMAIN.")
        .define(
            KEY_FILE,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "PEM file of that key's private half (PKCS#8, RSA of 2048 to 4096 bits).");
  }

  /**
   * Reads the settings; empty if messages are not to be signed.
   *
   * @throws ConfigException naming the key that is wrong
   */
  static Optional<DkimSettings> from(TocsinConfig config, EmailAddress from) {
    Optional<String> domain = config.optional(DOMAIN);
    Optional<String> selector = config.optional(SELECTOR);
    Optional<String> file = config.optional(KEY_FILE);
    if (Stream.of(domain, selector, file).noneMatch(Optional::isPresent)) {
      return Optional.empty();
    }
    return Optional.of(
        new DkimSettings(
            aligned(required(DOMAIN, domain), from),
            selector(required(SELECTOR, selector)),
            key(Path.of(required(KEY_FILE, file)))));
  }

  private static String required(String key, Optional<String> value) {
    return value.orElseThrow(() ->
        new ConfigException(
            key
                + " is empty: "
                + DOMAIN
                + ", "
                + SELECTOR
                + " and "
                + KEY_FILE
                + " belong together; set all or none"));
  }

  private static String aligned(String domain, EmailAddress from) {
    String ascii;
    try {
      ascii = IDN.toASCII(domain.strip(), IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(DOMAIN + " is not a domain name");
    }
    String sender = from.value().substring(from.value().lastIndexOf('@') + 1);
    if (!ascii.contains(".") || !(sender.equals(ascii) || sender.endsWith('.' + ascii))) {
      throw new ConfigException(
          DOMAIN
              + " must be the domain of "
              + SmtpSettings.FROM
              + " or a parent of it, else the signature does not count for the sender (RFC 7489)");
    }
    return ascii;
  }

  private static String selector(String selector) {
    if (!SELECTORS.matcher(selector).matches()) {
      throw new ConfigException(
          SELECTOR + " is not made of letters, digits, hyphens and single dots");
    }
    return selector;
  }

  private static RSAPrivateKey key(Path file) {
    String pem;
    try {
      pem = Files.readString(file, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new ConfigException(
          KEY_FILE + ": " + file + " cannot be read (" + e.getClass().getSimpleName() + ")");
    }
    Matcher block = PKCS8.matcher(pem);
    if (!block.find()) {
      throw new ConfigException(
          KEY_FILE
              + ": "
              + file
              + " holds no PKCS#8 key in clear (BEGIN PRIVATE KEY); openssl pkcs8 -topk8 -nocrypt"
              + " converts others");
    }
    RSAPrivateKey key;
    try {
      byte[] der = Base64.getMimeDecoder().decode(block.group(1));
      key =
          (RSAPrivateKey)
              KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
      Signature trial = Signature.getInstance("SHA256withRSA");
      trial.initSign(key);
      trial.sign();
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // What was thrown may quote the key.
      throw new ConfigException(KEY_FILE + ": " + file + " holds no RSA key that can sign");
    }
    int bits = key.getModulus().bitLength();
    if (bits < MIN_BITS || bits > MAX_BITS) {
      throw new ConfigException(
          KEY_FILE
              + ": the key has "
              + bits
              + " bits; RFC 8301 asks for 2048, and lets receivers ignore more than 4096");
    }
    return key;
  }

  @Override
  public String toString() {
    return "DkimSettings[domain=" + domain + ", selector=" + selector + ", key=redacted]";
  }
}
