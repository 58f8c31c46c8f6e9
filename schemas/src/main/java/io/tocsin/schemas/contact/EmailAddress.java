package io.tocsin.schemas.contact;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * An e-mail address in clear (RFC 5321 section 4.1.2, internationalised by RFC 6531). Its {@link
 * #toString} is redacted.
 *
 * @param value local part as given, {@code @}, domain in ASCII (RFC 5891)
 */
public record EmailAddress(String value) implements Contact {

  private static final int LOCAL_OCTETS = 64;
  private static final int ADDRESS_OCTETS = 254;

  /**
   * Reads an address.
   *
   * @throws InvalidContactException if no mail server could take it; the message says why and never
   *     quotes it
   */
  public static EmailAddress parse(String text) {
    String trimmed = text.strip();
    Contact.refuseControls(trimmed, "e-mail address");
    int at = trimmed.lastIndexOf('@');
    if (at <= 0 || at == trimmed.length() - 1) {
      throw new InvalidContactException("e-mail address: needs one '@' with text on both sides");
    }
    String local = trimmed.substring(0, at);
    if (!isDotAtom(local)) {
      throw new InvalidContactException(
          "e-mail address: the part before '@' has a character or dot where none is allowed");
    }
    String domain = asciiDomain(trimmed.substring(at + 1));
    EmailAddress address = new EmailAddress(local + '@' + domain);
    if (local.getBytes(StandardCharsets.UTF_8).length > LOCAL_OCTETS
        || address.value.getBytes(StandardCharsets.UTF_8).length > ADDRESS_OCTETS) {
      throw new InvalidContactException(
          "e-mail address: longer than RFC 5321 allows (64 octets before '@', 254 in all)");
    }
    return address;
  }

  @Override
  public String normalised() {
    return value.toLowerCase(Locale.ROOT);
  }

  /** Whether only a server with SMTPUTF8 (RFC 6531) can take it. */
  public boolean needsSmtpUtf8() {
    return value.chars().anyMatch(c -> c > 0x7f);
  }

  @Override
  public String toString() {
    return "EmailAddress[redacted]";
  }

  private static String asciiDomain(String domain) {
    String ascii;
    try {
      ascii = IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      throw new InvalidContactException("e-mail address: the part after '@' is not a domain name");
    }
    boolean wellFormed =
        ascii.contains(".")
            && ascii.chars().noneMatch(c -> c == '_' || c > 0x7f)
            && !ascii.startsWith(".")
            && !ascii.endsWith(".")
            && !ascii.contains("..");
    if (!wellFormed) {
      throw new InvalidContactException("e-mail address: the part after '@' is not a domain name");
    }
    return ascii;
  }

  private static boolean isDotAtom(String local) {
    return !local.startsWith(".")
        && !local.endsWith(".")
        && !local.contains("..")
        && local.codePoints().allMatch(EmailAddress::isLocalCharacter);
  }

  private static boolean isLocalCharacter(int c) {
    return c > 0x7f
        ? Character.isLetterOrDigit(c) || Character.getType(c) == Character.NON_SPACING_MARK
        : Character.isLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~.".indexOf(c) >= 0;
  }
}
