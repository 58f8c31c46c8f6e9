package io.tocsin.notifier.text;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything needed to render the notices of one incident, in every language: what an approval
 * approves and what is kept of it.
 *
 * @param templateId the folder the texts came from
 * @param version the first 16 hexadecimal digits of the SHA-256 of everything below; see {@link
 *     #contentVersion()}
 * @param defaultLocale the language of people whose own is not among {@code locales}
 * @param layout the HTML layout of e-mails
 * @param sms how many segments an SMS may take
 * @param categoryIds the categories that have names, the most important first
 * @param locales the texts by locale
 */
public record NoticeTexts(
    String templateId,
    String version,
    String defaultLocale,
    String layout,
    SmsBudget sms,
    List<String> categoryIds,
    Map<String, LocaleTexts> locales) {

  public NoticeTexts {
    categoryIds = List.copyOf(categoryIds);
    locales = Map.copyOf(locales);
  }

  /** Texts with the version their content has. */
  static NoticeTexts of(
      String templateId,
      String defaultLocale,
      String layout,
      SmsBudget sms,
      List<String> categoryIds,
      Map<String, LocaleTexts> locales) {
    NoticeTexts unversioned =
        new NoticeTexts(templateId, "", defaultLocale, layout, sms, categoryIds, locales);
    return new NoticeTexts(
        templateId, unversioned.contentVersion(), defaultLocale, layout, sms, categoryIds, locales);
  }

  /**
   * The version this content must have. The digest is of the default locale, layout, segment
   * limits, category ids, and, locale by locale in order of their tags, the texts, facts and
   * category names, maps in order of their keys; each string in UTF-8 behind its length in four
   * octets, each list and map behind its size.
   */
  public String contentVersion() {
    MessageDigest digest = Digest.sha256();
    add(digest, "tocsin notice texts 1");
    add(digest, defaultLocale);
    add(digest, layout);
    add(digest, sms.gsm7Segments());
    add(digest, sms.ucs2Segments());
    add(digest, categoryIds.size());
    categoryIds.forEach(id -> add(digest, id));
    add(digest, locales.size());
    new TreeMap<>(locales)
        .forEach((locale, texts) -> {
          add(digest, locale);
          add(digest, texts.subject());
          add(digest, texts.email());
          add(digest, texts.sms());
          add(digest, texts.moreCategories());
          add(digest, texts.facts());
          add(digest, texts.categoryNames());
        });
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  private static void add(MessageDigest digest, Map<String, String> map) {
    add(digest, map.size());
    new TreeMap<>(map)
        .forEach((key, value) -> {
          add(digest, key);
          add(digest, value);
        });
  }

  private static void add(MessageDigest digest, String text) {
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    add(digest, octets.length);
    digest.update(octets);
  }

  private static void add(MessageDigest digest, int number) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      digest.update((byte) (number >>> shift));
    }
  }
}
