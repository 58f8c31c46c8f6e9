package io.tocsin.notifier.journal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A journal as the metadata of a committed offset.
 *
 * <p>Version 1 is the text {@code 1:} and base64url, without padding, of variable-length numbers
 * (seven bits a byte, least significant first): the length of the window, which begins at the
 * committed offset and ends at the upper intent, then the lengths of its runs, unfinished and
 * finished ones in turn, the first unfinished. A last run that reaches the window's end is left out
 * when it is finished.
 */
final class JournalMetadata {

  /** What brokers accept by default ({@code offset.metadata.max.bytes}). */
  static final int MAX_BYTES = 4096;

  private static final String VERSION = "1:";

  private JournalMetadata() {}

  /** What a text says about the window that begins at {@code base}. */
  record Window(long upper, OpenRanges open) {}

  /**
   * Writes a window.
   *
   * @throws IllegalStateException if it does not fit; bounded slots keep it far from that
   */
  static String encode(long base, long upper, List<OpenRanges.Range> open) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writeNumber(out, upper - base);
    long at = base;
    for (OpenRanges.Range range : open) {
      if (range.from() > at) {
        writeNumber(out, range.from() - at);
      }
      writeNumber(out, range.until() - range.from());
      at = range.until();
    }
    String text =
        VERSION + Base64.getUrlEncoder().withoutPadding().encodeToString(out.toByteArray());
    if (text.length() > MAX_BYTES) {
      throw new IllegalStateException(
          "a journal of " + open.size() + " unfinished ranges takes " + text.length() + " bytes");
    }
    return text;
  }

  /** Reads a window; empty if the text is not one, or of a version this program does not know. */
  static Optional<Window> decode(long base, String text) {
    if (!text.startsWith(VERSION)) {
      return Optional.empty();
    }
    try {
      ByteBuffer in =
          ByteBuffer.wrap(Base64.getUrlDecoder().decode(text.substring(VERSION.length())));
      long upper = Math.addExact(base, readNumber(in));
      OpenRanges open = new OpenRanges();
      long at = base;
      boolean unfinished = true;
      while (in.hasRemaining()) {
        long run = readNumber(in);
        long until = Math.addExact(at, run);
        if (run == 0 || until > upper) {
          return Optional.empty();
        }
        if (unfinished) {
          open.append(at, until);
        }
        at = until;
        unfinished = !unfinished;
      }
      // A window that begins with its first unfinished offset has one unless it is empty.
      return upper > base == !open.isEmpty()
          ? Optional.of(new Window(upper, open))
          : Optional.empty();
    } catch (IllegalArgumentException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static void writeNumber(ByteArrayOutputStream out, long number) {
    long rest = number;
    while (rest > 0x7f) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private static long readNumber(ByteBuffer in) {
    long number = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      if (!in.hasRemaining()) {
        throw new IllegalArgumentException("a number is cut off");
      }
      byte next = in.get();
      number |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return number;
      }
    }
    throw new IllegalArgumentException("a number is too long");
  }
}
