package io.tocsin.cli.stack;

/**
 * How many segments a text takes on the air (3GPP TS 23.038): 160 septets in one GSM-7 message and
 * 153 in each of several, 70 and 67 UTF-16 units in UCS-2. An escape pair and a surrogate pair are
 * never split.
 */
final class SmsSegments {

  private static final String BASIC =
      "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
          + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
  private static final String EXTENDED = "^{}\\[~]|€\f";

  private SmsSegments() {}

  /** The number of segments; 1 for an empty text. */
  static int count(String text) {
    boolean gsm = text.chars().allMatch(c -> BASIC.indexOf(c) >= 0 || EXTENDED.indexOf(c) >= 0);
    return gsm ? count(text, true, 160, 153) : count(text, false, 70, 67);
  }

  private static int count(String text, boolean gsm, int single, int part) {
    int total = 0;
    int segments = 1;
    int used = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      int width = gsm ? (EXTENDED.indexOf(point) >= 0 ? 2 : 1) : Character.charCount(point);
      if (used + width > part) {
        segments++;
        used = 0;
      }
      used += width;
      total += width;
      i += Character.charCount(point);
    }
    return total <= single ? 1 : segments;
  }
}
