package io.tocsin.system;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Looks for contacts in files, byte by byte, in every form in which a careless program might have
 * written them: as they are in any case, as UTF-16 of both byte orders, in hex of both cases,
 * percent-encoded, and in base64 of both alphabets at each of the three alignments. A finding names
 * the file and the form, not the contact.
 */
final class LeakScan {

  private static final int WINDOW = 8;
  private static final int LONGEST = 512;
  private static final int BUFFER = 1 << 20;

  private final Set<String> known = new HashSet<>();
  private final Map<Long, List<Needle>> exact = new HashMap<>();
  private final Map<Long, List<Needle>> folded = new HashMap<>();
  private final Windows exactWindows;
  private final Windows foldedWindows;

  private static final class Needle {

    private final byte[] bytes;
    private final String form;

    Needle(byte[] bytes, String form) {
      this.bytes = bytes;
      this.form = form;
    }
  }

  /** Looks for these, each at least eight characters long. */
  LeakScan(Collection<String> contacts) {
    contacts.forEach(this::add);
    exactWindows = new Windows(exact.keySet());
    foldedWindows = new Windows(folded.keySet());
  }

  /** What was found in a folder, but for the files left out. */
  List<String> findings(Path folder, Predicate<Path> leftOut) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.filter(Files::isRegularFile).filter(leftOut.negate()).toList();
    }
    Set<String> findings = new HashSet<>();
    for (Path file : files) {
      for (String form : forms(file)) {
        findings.add(folder.relativize(file) + ": " + form);
      }
    }
    return findings.stream().sorted().toList();
  }

  private void add(String contact) {
    String clear = contact.startsWith("+") ? contact.substring(1) : contact;
    if (!known.add(clear)) {
      return;
    }
    String lower = clear.toLowerCase(Locale.ROOT);
    Set<String> writings = new HashSet<>(List.of(clear, lower));
    fold("clear", lower.getBytes(StandardCharsets.US_ASCII));
    if (lower.contains("@")) {
      fold("percent-encoded", lower.replace("@", "%40").getBytes(StandardCharsets.US_ASCII));
    }
    fold("UTF-16BE", lower.getBytes(StandardCharsets.UTF_16BE));
    fold("UTF-16LE", lower.getBytes(StandardCharsets.UTF_16LE));
    for (String writing : writings) {
      byte[] bytes = writing.getBytes(StandardCharsets.US_ASCII);
      fold("hex", HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.US_ASCII));
      for (int alignment = 0; alignment < 3; alignment++) {
        keep("base64", base64(bytes, alignment, Base64.getEncoder()));
        keep("base64url", base64(bytes, alignment, Base64.getUrlEncoder()));
      }
    }
  }

  /** The characters that depend on the contact alone, whatever stands before and behind it. */
  static byte[] base64(byte[] bytes, int alignment, Base64.Encoder encoder) {
    byte[] padded = new byte[alignment + bytes.length];
    System.arraycopy(bytes, 0, padded, alignment, bytes.length);
    byte[] encoded = encoder.withoutPadding().encode(padded);
    int first = (alignment * 8 + 5) / 6;
    int last = padded.length * 8 / 6;
    return Arrays.copyOfRange(encoded, first, last);
  }

  private void keep(String form, byte[] needle) {
    index(exact, form, needle);
  }

  private void fold(String form, byte[] needle) {
    index(folded, form, needle);
  }

  private static void index(Map<Long, List<Needle>> index, String form, byte[] needle) {
    if (needle.length < WINDOW || needle.length > LONGEST) {
      throw new IllegalArgumentException("A contact of this length cannot be looked for");
    }
    index.computeIfAbsent(window(needle), key -> new ArrayList<>()).add(new Needle(needle, form));
  }

  private static long window(byte[] bytes) {
    long window = 0;
    for (int i = 0; i < WINDOW; i++) {
      window = window << 8 | (bytes[i] & 0xff);
    }
    return window;
  }

  private Set<String> forms(Path file) throws IOException {
    Set<String> forms = new HashSet<>();
    byte[] buffer = new byte[BUFFER + LONGEST];
    int kept = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.readNBytes(buffer, kept, BUFFER);
          n > 0;
          n = in.readNBytes(buffer, kept, BUFFER)) {
        int end = kept + n;
        scan(buffer, end, forms);
        kept = Math.min(LONGEST, end);
        System.arraycopy(buffer, end - kept, buffer, 0, kept);
      }
    }
    return forms;
  }

  private void scan(byte[] buffer, int end, Set<String> forms) {
    long raw = 0;
    long lower = 0;
    for (int i = 0; i < end; i++) {
      raw = raw << 8 | (buffer[i] & 0xff);
      lower = lower << 8 | (fold(buffer[i]) & 0xff);
      if (i >= WINDOW - 1) {
        int start = i - WINDOW + 1;
        if (exactWindows.has(raw)) {
          match(exact.getOrDefault(raw, List.of()), buffer, start, end, false, forms);
        }
        if (foldedWindows.has(lower)) {
          match(folded.getOrDefault(lower, List.of()), buffer, start, end, true, forms);
        }
      }
    }
  }

  private static void match(
      List<Needle> needles, byte[] buffer, int start, int end, boolean fold, Set<String> forms) {
    for (Needle needle : needles) {
      if (start + needle.bytes.length <= end && matches(needle.bytes, buffer, start, fold)) {
        forms.add(needle.form);
      }
    }
  }

  private static boolean matches(byte[] needle, byte[] buffer, int start, boolean fold) {
    for (int i = 0; i < needle.length; i++) {
      byte found = buffer[start + i];
      if (needle[i] != (fold ? fold(found) : found)) {
        return false;
      }
    }
    return true;
  }

  private static byte fold(byte b) {
    return b >= 'A' && b <= 'Z' ? (byte) (b + ('a' - 'A')) : b;
  }

  /** A set of longs that answers in a few nanoseconds. */
  private static final class Windows {

    private final long[] table;
    private final int mask;

    Windows(Set<Long> windows) {
      int size = Integer.highestOneBit(Math.max(16, windows.size() * 4)) << 1;
      table = new long[size];
      mask = size - 1;
      for (long window : windows) {
        int at = slot(window);
        while (table[at] != 0) {
          at = at + 1 & mask;
        }
        table[at] = window;
      }
    }

    boolean has(long window) {
      for (int at = slot(window); table[at] != 0; at = at + 1 & mask) {
        if (table[at] == window) {
          return true;
        }
      }
      return false;
    }

    private int slot(long window) {
      long mixed = window * 0x9E3779B97F4A7C15L;
      return (int) (mixed >>> 40) & mask;
    }
  }
}
