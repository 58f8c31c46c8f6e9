package io.tocsin.notifier.smtp;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Text as it may stand in a message: header words (RFC 2047) and bodies (RFC 2045). */
final class MimeText {

  private static final int WORD = 75;
  private static final String WORD_START = "=?UTF-8?B?";
  private static final String WORD_END = "?=";

  /** Octets whose base64 form fills an encoded word. */
  private static final int WORD_OCTETS = (WORD - WORD_START.length() - WORD_END.length()) / 4 * 3;

  private static final int BODY_LINE = 76;
  private static final int MAX_LINE = 998;
  private static final byte[] CRLF = {'\r', '\n'};
  private static final Base64.Encoder BODY = Base64.getMimeEncoder(BODY_LINE, CRLF);

  private MimeText() {}

  /**
   * A value that may stand in a header.
   *
   * @throws IllegalArgumentException if it has a line break or another control character
   */
  static String guard(String value) {
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a header's value has a control character");
    }
    return value;
  }

  /**
   * Unstructured text, such as a subject: as it is while it is short and ASCII, else in encoded
   * words on lines of their own.
   */
  static String unstructured(String text) {
    guard(text);
    return isAscii(text) && text.length() <= MAX_LINE / 2 && !text.contains("=?")
        ? text
        : words(text);
  }

  /** A display name: quoted, or in encoded words. */
  static String phrase(String text) {
    guard(text);
    return isAscii(text) && text.length() <= WORD
        ? '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"'
        : words(text);
  }

  private static String words(String text) {
    StringBuilder words = new StringBuilder(text.length() * 3);
    StringBuilder chunk = new StringBuilder();
    int octets = 0;
    for (int at = 0; at < text.length(); ) {
      int c = text.codePointAt(at);
      int size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      if (octets + size > WORD_OCTETS) {
        append(words, chunk);
        octets = 0;
      }
      chunk.appendCodePoint(c);
      octets += size;
      at += Character.charCount(c);
    }
    append(words, chunk);
    return words.toString();
  }

  private static void append(StringBuilder words, StringBuilder chunk) {
    if (!words.isEmpty()) {
      words.append("\r\n ");
    }
    words
        .append(WORD_START)
        .append(
            Base64.getEncoder().encodeToString(chunk.toString().getBytes(StandardCharsets.UTF_8)))
        .append(WORD_END);
    chunk.setLength(0);
  }

  /**
   * A part of a body in UTF-8, with the headers that say how it is encoded, from its first header
   * to its last line break.
   */
  static String part(String type, String text) {
    // RFC 2045 section 6.8: lines end in CRLF before they are encoded.
    String canonical =
        (text.indexOf('\r') < 0 ? text : text.replace("\r\n", "\n")).replace("\n", "\r\n");
    boolean plain =
        isAscii(canonical) && canonical.lines().allMatch(line -> line.length() <= MAX_LINE);
    return "Content-Type: "
        + type
        + "; charset=UTF-8\r\nContent-Transfer-Encoding: "
        + (plain ? "7bit" : "base64")
        + "\r\n\r\n"
        + (plain ? canonical : BODY.encodeToString(canonical.getBytes(StandardCharsets.UTF_8)))
        + "\r\n";
  }

  private static boolean isAscii(String text) {
    // A plain loop: it runs over every character of every message.
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }
}
