package io.tocsin.cli.sample;

import java.util.List;
import java.util.Locale;

/**
 * Contacts that can belong to nobody. E-mail domains are those RFC 2606 and RFC 6761 set aside
 * ({@code example.com}, {@code .org}, {@code .net}, {@code .example}, {@code .test}). Numbers begin
 * with {@code +999}, a country code the ITU has assigned to nobody (ITU-T E.164, list of assigned
 * codes): real fictional ranges such as +1 555 01xx hold a hundred numbers.
 *
 * <p>Some contacts are made to be refused by the stand-ins for good: addresses whose local part
 * begins with {@value #REFUSED_LOCAL_PART} (mail sink: 550 5.1.1), and Twilio's own magic numbers.
 * Mailboxes whose local part begins with {@value #FULL_LOCAL_PART} are full at first and take the
 * message at a later attempt (452 4.2.2). No other contact means anything to the stand-ins.
 */
public final class SampleContacts {

  /** Begins the local part of every address that the mail sink refuses for good. */
  public static final String REFUSED_LOCAL_PART = "refused";

  /** Begins the local part of every address that the mail sink refuses for a while. */
  public static final String FULL_LOCAL_PART = "full";

  /** Begins every number of the sample that can be reached. */
  public static final String COUNTRY_CODE = "+999";

  /**
   * Twilio's magic numbers that belong to a person's fault: invalid, no route, opted out, not a
   * mobile.
   */
  static final List<String> REFUSED_NUMBERS =
      List.of("+15005550001", "+15005550002", "+15005550004", "+15005550009");

  private static final List<String> DOMAINS =
      List.of(
          "example.com", "example.org", "example.net", "mail.example", "inbox.test", "any.test");

  private static final List<String> STARTS =
      List.of("ta", "mo", "ve", "li", "so", "ru", "ka", "ne", "da", "bi", "zha", "o");

  private static final List<String> ENDS =
      List.of("rin", "lek", "mar", "van", "sul", "tem", "gor", "nia", "bek", "dis", "lan", "ra");

  private static final List<String> FORMS =
      List.of("%s.%s%d", "%s_%s%d", "%2$s-%1$s%3$d", "%s.%s+notes%d");

  private static final int NUMBERS = 90_000_000;
  private static final int BLOCK = 9_000_000;
  private static final long STRIDE = 48_611_987L;

  private SampleContacts() {}

  /** Whether the mail sink refuses the address for good. */
  public static boolean isRefusedEmail(String email) {
    return email.startsWith(REFUSED_LOCAL_PART);
  }

  /** Whether the Twilio stand-in refuses the number for good. */
  public static boolean isRefusedPhone(String phone) {
    return REFUSED_NUMBERS.contains(phone);
  }

  /** An address of its own for the person at a place. */
  static String email(Dice dice, int index) {
    String local = dice.pick(FORMS).formatted(invented(dice), invented(dice), index);
    String domain = dice.pick(DOMAINS);
    return (dice.chance(0.04) ? capitalised(local) : local) + '@' + domain;
  }

  /** A number of its own for the person at a place below ninety million. */
  static String phone(int index) {
    // The stride shares no factor with the number of numbers: no two places get the same one.
    int number = (int) ((index * STRIDE + 20_010_203L) % NUMBERS);
    // The last seven digits never begin with zeros: the stand-in reads an error code from those
    // that do.
    int last = 1_000_000 + number % BLOCK;
    return String.format(Locale.ROOT, "%s7%d%d", COUNTRY_CODE, number / BLOCK, last);
  }

  /** An address that the mail sink takes at a later attempt only. */
  static String fullEmail(int index) {
    return FULL_LOCAL_PART + index + "@example.net";
  }

  /** An address that the mail sink refuses. */
  static String refusedEmail(int index) {
    return REFUSED_LOCAL_PART + index + "@example.com";
  }

  /** A number that the Twilio stand-in refuses. */
  static String refusedPhone(int index) {
    return REFUSED_NUMBERS.get(index % REFUSED_NUMBERS.size());
  }

  private static String invented(Dice dice) {
    return dice.pick(STARTS) + dice.pick(ENDS);
  }

  private static String capitalised(String local) {
    return Character.toUpperCase(local.charAt(0)) + local.substring(1);
  }
}
