package io.tocsin.notifier.text;

import java.util.List;
import java.util.regex.Pattern;

/** How an SMS is kept short without losing words. */
final class SmsText {

  private static final Pattern SPACES = Pattern.compile("\\s+");

  private SmsText() {}

  /** A rendered text as one line. */
  static String joined(String rendered) {
    return SPACES.matcher(rendered).replaceAll(" ").strip();
  }

  /**
   * The first {@code shown} names, and how many more there are.
   *
   * @param more the phrase for the rest, with <code>{{count}}</code>
   */
  static String list(List<String> names, int shown, String more) {
    if (shown >= names.size()) {
      return String.join(", ", names);
    }
    return String.join(", ", names.subList(0, shown))
        + " "
        + more.replace("{{count}}", String.valueOf(names.size() - shown));
  }

  /**
   * The text with typewriter's punctuation if that alone brings it into the GSM 7-bit alphabet,
   * else as it is.
   */
  static String plainest(String text) {
    if (SmsSegments.isGsm7(text.replace(PlainText.REFERENCE_MARK, ""))) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    text.chars()
        .forEach(unit -> {
          switch (unit) {
            case '\u2018', '\u2019', '\u201A', '\u201B', '\u02BC' -> plain.append('\'');
            case '\u201C', '\u201D', '\u201E', '\u00AB', '\u00BB' -> plain.append('"');
            case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2212' -> plain.append('-');
            case '\u2026' -> plain.append("...");
            case '\u00A0', '\u202F', '\u2009' -> plain.append(' ');
            default -> plain.append((char) unit);
          }
        });
    String candidate = plain.toString();
    return SmsSegments.isGsm7(candidate.replace(PlainText.REFERENCE_MARK, "")) ? candidate : text;
  }
}
