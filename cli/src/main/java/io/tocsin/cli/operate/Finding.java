package io.tocsin.cli.operate;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a check found.
 *
 * @param subject what was checked
 * @param words what was found; and, unless it is well, what to do
 */
record Finding(Level level, String subject, String words) {

  /** How bad it is. */
  enum Level {
    /** It is well. */
    OK,
    /** It works, and deserves a look. */
    WARN,
    /** It does not work. */
    FAIL
  }

  static Finding ok(String subject, String words) {
    return new Finding(Level.OK, subject, words);
  }

  static Finding warn(String subject, String words) {
    return new Finding(Level.WARN, subject, words);
  }

  static Finding fail(String subject, String words) {
    return new Finding(Level.FAIL, subject, words);
  }

  Map<String, Object> row() {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("result", level.name().toLowerCase(Locale.ROOT));
    row.put("subject", subject);
    row.put("finding", words);
    return row;
  }
}
