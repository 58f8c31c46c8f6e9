package io.tocsin.notifier.text;

import java.util.Arrays;

/**
 * What an SMS text costs on the air, by 3GPP TS 23.038 and 23.040.
 *
 * <p>A text of the GSM 7-bit alphabet holds 160 units in one segment and 153 in each of several; a
 * character of the extension table takes two units, which never stand in different segments. Any
 * other text is UCS-2: 70 units in one segment, 67 in each of several, and a surrogate pair is
 * never split.
 *
 * @param encoding the alphabet the whole text needs
 * @param units septets for {@link Encoding#GSM_7}, 16-bit units for {@link Encoding#UCS_2}
 * @param segments segments sent and paid for; 0 for an empty text
 */
public record SmsSegments(Encoding encoding, int units, int segments) {

  /** The alphabets an SMS can be sent in. */
  public enum Encoding {
    /** GSM 03.38 default alphabet with its extension table. */
    GSM_7(160, 153),
    /** UCS-2, in fact UTF-16. */
    UCS_2(70, 67);

    private final int single;
    private final int concatenated;

    Encoding(int single, int concatenated) {
      this.single = single;
      this.concatenated = concatenated;
    }
  }

  private static final String BASIC =
      "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
          + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
  private static final String EXTENSION = "\f^{}\\[~]|€";

  private static final int TABLE_SIZE = 0x2100;
  private static final byte[] SEPTETS = septets();

  /** Counts the segments of {@code text}, in the smallest alphabet that holds all of it. */
  public static SmsSegments of(String text) {
    Encoding encoding = isGsm7(text) ? Encoding.GSM_7 : Encoding.UCS_2;
    int units = 0;
    int full = 0;
    int used = 0;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      int cost = encoding == Encoding.GSM_7 ? septets(codePoint) : Character.charCount(codePoint);
      if (used + cost > encoding.concatenated) {
        full++;
        used = 0;
      }
      used += cost;
      units += cost;
      i += Character.charCount(codePoint);
    }
    if (units == 0) {
      return new SmsSegments(encoding, 0, 0);
    }
    return new SmsSegments(encoding, units, units <= encoding.single ? 1 : full + 1);
  }

  /**
   * Whether every character of {@code text} is in the GSM 7-bit alphabet or its extension table.
   */
  static boolean isGsm7(String text) {
    return text.chars().allMatch(unit -> septets(unit) > 0);
  }

  private static int septets(int codePoint) {
    return codePoint < TABLE_SIZE ? SEPTETS[codePoint] : 0;
  }

  private static byte[] septets() {
    byte[] table = new byte[TABLE_SIZE];
    Arrays.fill(table, (byte) 0);
    BASIC.chars().forEach(unit -> table[unit] = 1);
    EXTENSION.chars().forEach(unit -> table[unit] = 2);
    return table;
  }
}
