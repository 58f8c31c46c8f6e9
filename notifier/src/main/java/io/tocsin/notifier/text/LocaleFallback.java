package io.tocsin.notifier.text;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which language a person is told in. The one rule: the tag as it is, ignoring case and with {@code
 * _} read as {@code -}; then the tag less its last part, until nothing is left ({@code kk-Cyrl-KZ},
 * {@code kk-Cyrl}, {@code kk}: the lookup of RFC 4647 section 3.4); then the default locale.
 */
public final class LocaleFallback {

  private static final Pattern TAG = Pattern.compile("[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*");

  private LocaleFallback() {}

  /**
   * The locale to use, which is always one of {@code available} if the default is.
   *
   * @param requested what the person's record says; any text, perhaps empty
   */
  public static String resolve(
      String requested, Collection<String> available, String defaultLocale) {
    return match(requested, available).orElse(defaultLocale);
  }

  /** The member of {@code available} that serves {@code requested}, without a default. */
  public static Optional<String> match(String requested, Collection<String> available) {
    if (available.contains(requested)) {
      return Optional.of(requested);
    }
    String tag = requested.strip().replace('_', '-').toLowerCase(Locale.ROOT);
    while (!tag.isEmpty()) {
      for (String candidate : available) {
        if (candidate.equalsIgnoreCase(tag)) {
          return Optional.of(candidate);
        }
      }
      int cut = tag.lastIndexOf('-');
      tag = cut < 0 ? "" : tag.substring(0, cut);
    }
    return Optional.empty();
  }

  static boolean isTag(String text) {
    return TAG.matcher(text).matches();
  }
}
