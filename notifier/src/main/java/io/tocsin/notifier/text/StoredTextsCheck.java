package io.tocsin.notifier.text;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whether texts can be rendered as they are, whoever made them. */
final class StoredTextsCheck {

  private StoredTextsCheck() {}

  static void check(NoticeTexts texts, List<TemplateProblem> problems) {
    String id = texts.templateId();
    String content = texts.contentVersion();
    if (!content.equals(texts.version())) {
      problems.add(
          new TemplateProblem(
              id, 0, "has version " + texts.version() + ", but its content is " + content));
    }
    if (!texts.locales().containsKey(texts.defaultLocale())) {
      problems.add(
          new TemplateProblem(
              id,
              0,
              "has no texts in the default locale "
                  + texts.defaultLocale()
                  + "; it has "
                  + String.join(", ", new TreeMap<>(texts.locales()).keySet())));
    }
    if (texts.layout().isBlank()) {
      problems.add(new TemplateProblem(id + "/" + TemplateFolder.LAYOUT, 0, "is empty"));
    }
    TemplateFolder.checkLayout(id + "/" + TemplateFolder.LAYOUT, texts.layout(), problems);
    new TreeMap<>(texts.locales())
        .forEach((locale, words) -> checkLocale(id + "/" + locale + "/", texts, words, problems));
  }

  private static void checkLocale(
      String folder, NoticeTexts texts, LocaleTexts words, List<TemplateProblem> problems) {
    empty(folder + TemplateFolder.SUBJECT, words.subject(), problems);
    empty(folder + TemplateFolder.EMAIL, words.email(), problems);
    empty(folder + TemplateFolder.SMS, words.sms(), problems);
    TemplateFolder.checkTexts(folder, words.subject(), words.email(), words.sms(), problems);
    for (String name : Vocabulary.FACTS) {
      empty(folder + name, words.facts().getOrDefault(name, ""), problems);
    }
    for (String categoryId : texts.categoryIds()) {
      empty(
          folder + "category " + PlainText.oneLine(categoryId),
          words.categoryNames().getOrDefault(categoryId, ""),
          problems);
    }
    invisible(folder, words.facts(), problems);
    invisible(folder, words.categoryNames(), problems);
    invisible(folder, Map.of("list.more", words.moreCategories()), problems);
  }

  private static void empty(String where, String text, List<TemplateProblem> problems) {
    if (text.isBlank()) {
      problems.add(new TemplateProblem(where, 0, "is missing or empty"));
    }
  }

  private static void invisible(
      String folder, Map<String, String> values, List<TemplateProblem> problems) {
    values.forEach((name, value) -> {
      if (value.codePoints().anyMatch(PlainText::isRefused)) {
        problems.add(
            new TemplateProblem(
                folder + PlainText.oneLine(name), 0, "holds an invisible character"));
      }
    });
  }
}
