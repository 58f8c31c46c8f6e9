package io.tocsin.notifier.text;

/**
 * How many segments an SMS may take before its list of categories is shortened.
 *
 * @param gsm7Segments for a text of the GSM 7-bit alphabet (160 characters in one, 153 in each of
 *     several), 1 to 10
 * @param ucs2Segments for any other text, Cyrillic among them (70 characters in one, 67 in each of
 *     several), 1 to 23
 */
public record SmsBudget(int gsm7Segments, int ucs2Segments) {

  /** Two segments of GSM 7-bit text, three of UCS-2. */
  public static final SmsBudget DEFAULT = new SmsBudget(2, 3);

  public SmsBudget {
    if (gsm7Segments < 1 || gsm7Segments > 10) {
      throw new IllegalArgumentException("GSM-7 segments must be 1 to 10, not " + gsm7Segments);
    }
    if (ucs2Segments < 1 || ucs2Segments > 23) {
      throw new IllegalArgumentException("UCS-2 segments must be 1 to 23, not " + ucs2Segments);
    }
  }

  boolean allows(SmsSegments sms) {
    return switch (sms.encoding()) {
      case GSM_7 -> sms.segments() <= gsm7Segments;
      case UCS_2 -> sms.segments() <= ucs2Segments;
    };
  }
}
