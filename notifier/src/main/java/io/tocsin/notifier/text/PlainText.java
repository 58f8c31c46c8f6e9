package io.tocsin.notifier.text;

import java.text.Normalizer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a value may be once it stands in a notice.
 *
 * <p>The rule, for every value that does not come from a template file: it is brought to Unicode
 * form NFC; line breaks and tabs become spaces where one line is wanted; all other control
 * characters (C0, C1, DEL), all format characters (the bidi controls U+061C, U+200E/F, U+202A-E,
 * U+2066-9 and other invisible ones, save the joiners U+200C/D), noncharacters and lone surrogates
 * are removed; runs of spaces become one; and markup at the beginning of a line (<code>#</code>,
 * and in a one-line value <code>-</code>) is dropped, so that no value makes a heading.
 */
final class PlainText {

  /** Stands for the reference in a prepared text; no value and no template can hold it. */
  static final String REFERENCE_MARK = "\uFFFF";

  private static final Pattern LINK =
      Pattern.compile("(?i)[a-z][a-z0-9+.-]*://|\\bwww\\.|\\b(?:mailto|javascript):(?=\\S)");
  private static final Pattern LINE_BREAK =
      Pattern.compile("\r\n|[\n\r\u000B\f\u0085\u2028\u2029]");
  private static final Pattern SPACES = Pattern.compile("[\\s\\p{Zs}]+");
  private static final Pattern LINE_MARKUP = Pattern.compile("^(?:[#-]+(?:\\s+|$))+");
  private static final Pattern HEADING_MARKUP = Pattern.compile("^(?:#+(?:\\s+|$))+");
  private static final Pattern BULLET = Pattern.compile("^\\s*-(?:\\s+|$)");

  private PlainText() {}

  /** The value as one line, without markup at its beginning. */
  static String line(String value) {
    return LINE_MARKUP.matcher(oneLine(value)).replaceFirst("");
  }

  /** The value as one line: for text in which a leading mark means nothing, such as a subject. */
  static String oneLine(String value) {
    String clean = withoutInvisible(LINE_BREAK.matcher(normalised(value)).replaceAll(" "));
    return SPACES.matcher(clean).replaceAll(" ").strip();
  }

  /**
   * The value as paragraphs and lists: lines, <code>- </code> items and single blank lines are
   * kept.
   */
  static String paragraphs(String value) {
    StringBuilder text = new StringBuilder();
    boolean blank = false;
    for (String raw : LINE_BREAK.split(normalised(value), -1)) {
      String line = paragraphLine(raw);
      if (line.isEmpty()) {
        blank = !text.isEmpty();
        continue;
      }
      text.append(text.isEmpty() ? "" : blank ? "\n\n" : "\n").append(line);
      blank = false;
    }
    return text.toString();
  }

  /** What in {@code text} a reader's program would make a link of, or null. */
  static @Nullable String link(String text) {
    Matcher matcher = LINK.matcher(text);
    return matcher.find() ? matcher.group() : null;
  }

  /** Whether a template file must not hold this character. */
  static boolean isRefused(int codePoint) {
    return codePoint != '\n' && codePoint != '\t' && isInvisible(codePoint);
  }

  private static String paragraphLine(String raw) {
    Matcher bullet = BULLET.matcher(raw);
    if (bullet.find()) {
      String item = line(raw.substring(bullet.end()));
      return item.isEmpty() ? "" : "- " + item;
    }
    return HEADING_MARKUP.matcher(oneLine(raw)).replaceFirst("");
  }

  private static String normalised(String value) {
    return Normalizer.isNormalized(value, Normalizer.Form.NFC)
        ? value
        : Normalizer.normalize(value, Normalizer.Form.NFC);
  }

  private static String withoutInvisible(String value) {
    if (value.codePoints().noneMatch(c -> isInvisible(c) && c != '\t')) {
      return value;
    }
    StringBuilder clean = new StringBuilder(value.length());
    value.codePoints().filter(c -> !isInvisible(c) || c == '\t').forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private static boolean isInvisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL, Character.SURROGATE -> true;
      case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      case Character.FORMAT -> codePoint != 0x200C && codePoint != 0x200D;
      default -> (codePoint & 0xFFFE) == 0xFFFE || (codePoint >= 0xFDD0 && codePoint <= 0xFDEF);
    };
  }
}
