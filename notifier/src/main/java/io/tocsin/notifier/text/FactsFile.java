package io.tocsin.notifier.text;

import java.io.IOException;
import java.io.StringReader;
import java.time.DateTimeException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads and checks one {@code facts.properties}: the words of a locale that no single template
 * holds.
 */
final class FactsFile {

  private static final ZonedDateTime SAMPLE =
      ZonedDateTime.of(2026, 3, 3, 10, 15, 0, 0, ZoneOffset.UTC);

  private final String file;
  private final List<String> lines;
  private final Collection<TemplateProblem> problems;

  private FactsFile(String file, String content, Collection<TemplateProblem> problems) {
    this.file = file;
    this.lines = content.lines().toList();
    this.problems = problems;
  }

  /** The phrases by key; incomplete if it added to {@code problems}. */
  static Map<String, String> parse(
      String file, String content, Locale locale, Collection<TemplateProblem> problems) {
    return new FactsFile(file, content, problems).parse(content, locale);
  }

  private Map<String, String> parse(String content, Locale locale) {
    Map<String, String> phrases = new HashMap<>();
    try {
      new Once(phrases).load(new StringReader(content));
    } catch (IOException | IllegalArgumentException e) {
      problems.add(new TemplateProblem(file, 0, "is not a properties file: " + e.getMessage()));
      return phrases;
    }
    TreeSet<String> known = new TreeSet<>(Vocabulary.PHRASES.keySet());
    known.add(Vocabulary.DATE_PATTERN);
    for (String key : new TreeSet<>(phrases.keySet())) {
      if (!known.contains(key)) {
        add(
            key,
            "unknown key " + PlainText.oneLine(key) + "; allowed: " + String.join(", ", known));
      }
    }
    for (String key : known) {
      String phrase = phrases.get(key);
      if (phrase == null || phrase.isBlank()) {
        add(key, "key " + key + " is missing or empty");
      } else if (key.equals(Vocabulary.DATE_PATTERN)) {
        checkDate(key, phrase, locale);
      }
    }
    Vocabulary.PHRASES.forEach((key, rule) -> checkPhrase(key, rule, phrases.get(key)));
    return phrases;
  }

  private void checkPhrase(String key, Vocabulary.Phrase rule, @Nullable String phrase) {
    if (phrase == null || phrase.isBlank()) {
      return;
    }
    List<TemplateProblem> found = new ArrayList<>();
    String oneLine = phrase.replace('\n', ' ');
    TemplateCheck.check(file, 1, oneLine, rule.scope(), rule.required(), found);
    found.forEach(problem -> add(key, "key " + key + ": " + problem.what()));
  }

  private void checkDate(String key, String pattern, Locale locale) {
    try {
      String date = DateTimeFormatter.ofPattern(pattern, locale).format(SAMPLE);
      if (PlainText.oneLine(date).isEmpty()) {
        add(key, "key " + key + " shows no date");
      }
    } catch (IllegalArgumentException | DateTimeException e) {
      add(key, "key " + key + " is not a pattern of java.time.format.DateTimeFormatter");
    }
  }

  private void add(String key, String what) {
    problems.add(new TemplateProblem(file, line(key), what));
  }

  private int line(String key) {
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.startsWith(key)
          && (line.length() == key.length() || " \t=:".indexOf(line.charAt(key.length())) >= 0)) {
        return i + 1;
      }
    }
    return 0;
  }

  /** Takes each key once only. */
  private final class Once extends Properties {

    private static final long serialVersionUID = 1L;

    private final transient Map<String, String> target;

    Once(Map<String, String> target) {
      this.target = target;
    }

    @Override
    public synchronized Object put(Object key, Object value) {
      String name = (String) key;
      String earlier = target.put(name, (String) value);
      if (earlier != null) {
        add(name, "key " + PlainText.oneLine(name) + " is given twice");
      }
      return value;
    }
  }
}
