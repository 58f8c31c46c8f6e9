package io.tocsin.cli.operate;

import java.util.Locale;

/**
 * References as people read them out: lower case, other hyphens, O for 0 and I or L for 1
 * (Crockford's base32).
 */
final class References {

  private static final int SYMBOLS = 10;

  private References() {}

  /** The reference as notices show it; what cannot be one stays different from all. */
  static String normalised(String text) {
    StringBuilder symbols = new StringBuilder(SYMBOLS + 1);
    for (char c : text.toUpperCase(Locale.ROOT).toCharArray()) {
      switch (c) {
        case 'O' -> symbols.append('0');
        case 'I', 'L' -> symbols.append('1');
        default -> {
          if (Character.isLetterOrDigit(c)) {
            symbols.append(c);
          }
        }
      }
    }
    return symbols.length() == SYMBOLS ? symbols.insert(SYMBOLS / 2, '-').toString() : text;
  }
}
