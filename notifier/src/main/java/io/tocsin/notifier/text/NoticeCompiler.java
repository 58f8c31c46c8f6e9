package io.tocsin.notifier.text;

import com.samskivert.mustache.Mustache;
import io.tocsin.notifier.text.IncidentFacts.Narrative;
import io.tocsin.notifier.text.TemplateFolder.LocaleFiles;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns a template and one incident into the texts of its notices: dates are told, default words
 * stand in where the incident brings none, and every value is cleaned by the rule of {@link
 * PlainText}.
 */
public final class NoticeCompiler {

  /** The longest narrative, in UTF-16 units. */
  static final int MAX_NARRATIVE = 4_000;

  private static final Mustache.Compiler PHRASES = Mustache.compiler().escapeHTML(false);

  private final TextSettings settings;

  public NoticeCompiler(TextSettings settings) {
    this.settings = settings;
  }

  /**
   * The texts of one incident's notices.
   *
   * @throws TemplateException if a narrative, the controller or a category's name holds a link or
   *     is too long, if a category lacks a name in one of the template's locales, if the default
   *     locale is not among them, or if an SMS could exceed 1,600 characters
   */
  public NoticeTexts compile(
      TemplateFolder folder, IncidentFacts incident, Controller controller, CategoryNames names) {
    List<TemplateProblem> problems = new ArrayList<>();
    Map<String, LocaleTexts> locales = new TreeMap<>();
    folder
        .files()
        .forEach((locale, files) ->
            locales.put(
                locale,
                new LocaleTexts(
                    files.subject(),
                    files.email(),
                    files.sms(),
                    PlainText.oneLine(files.phrases().getOrDefault("list.more", "")),
                    facts(locale, files, incident, controller.in(locale), problems),
                    categoryNames(locale, names, problems))));
    TemplateException.throwIfAny(problems);
    NoticeTexts texts =
        NoticeTexts.of(
            folder.id(),
            settings.defaultLocale(),
            folder.layout(),
            settings.sms(),
            names.ids(),
            locales);
    Renderer.of(texts);
    return texts;
  }

  private Map<String, String> facts(
      String locale,
      LocaleFiles files,
      IncidentFacts incident,
      Controller controller,
      List<TemplateProblem> problems) {
    Map<String, String> facts = new HashMap<>();
    facts.put(Vocabulary.CONTROLLER_NAME, controller.name());
    facts.put(Vocabulary.CONTROLLER_LEGAL_NAME, controller.legalName());
    facts.put(Vocabulary.CONTROLLER_ADDRESS, controller.address());
    facts.put(Vocabulary.CONTROLLER_EMAIL, controller.email());
    putIfKnown(facts, Vocabulary.CONTROLLER_PHONE, controller.phone());
    putIfKnown(facts, Vocabulary.CONTROLLER_REGISTRATION, controller.registration());
    facts.forEach((name, value) -> refuseLink("controller, " + name, value, problems));

    Map<String, String> phrases = files.phrases();
    Dates dates = new Dates(phrases, Locale.forLanguageTag(locale), settings.zone());
    facts.put(
        Vocabulary.OCCURRED, dates.occurred(incident.occurredFrom(), incident.occurredUntil()));
    putIfKnown(facts, Vocabulary.DETECTED_AT, dates.detected(incident.detectedAt()));

    Narrative narrative = narrative(locale, incident);
    Words words = new Words(locale, incident.kind(), phrases, Map.copyOf(facts), problems);
    words.put(facts, Vocabulary.WHAT_HAPPENED, narrative, Narrative::whatHappened);
    words.put(facts, Vocabulary.CONSEQUENCES, narrative, Narrative::consequences);
    words.put(facts, Vocabulary.WHAT_WE_ARE_DOING, narrative, Narrative::whatWeAreDoing);
    words.put(facts, Vocabulary.WHAT_YOU_CAN_DO, narrative, Narrative::whatYouCanDo);
    words.put(facts, Vocabulary.SMS_WHAT_HAPPENED, null, Narrative::whatHappened);
    words.put(facts, Vocabulary.SMS_WHAT_YOU_CAN_DO, null, Narrative::whatYouCanDo);
    return facts;
  }

  private static void putIfKnown(Map<String, String> facts, String name, @Nullable String value) {
    if (value != null) {
      facts.put(name, value);
    }
  }

  /** The words in this locale, else those in one that falls back to it, such as ru-KZ for ru. */
  private static @Nullable Narrative narrative(String locale, IncidentFacts incident) {
    Map<String, Narrative> narratives = incident.narratives();
    return LocaleFallback.match(locale, narratives.keySet())
        .or(() ->
            narratives.keySet().stream()
                .sorted()
                .filter(told -> LocaleFallback.match(told, Set.of(locale)).isPresent())
                .findFirst())
        .map(narratives::get)
        .orElse(null);
  }

  private static Map<String, String> categoryNames(
      String locale, CategoryNames names, List<TemplateProblem> problems) {
    Map<String, String> own =
        LocaleFallback.match(locale, names.names().keySet())
            .map(names.names()::get)
            .orElse(Map.of());
    Map<String, String> clean = new HashMap<>();
    for (String id : names.ids()) {
      String where = "category " + PlainText.oneLine(id);
      String name = PlainText.line(own.getOrDefault(id, ""));
      if (name.isEmpty()) {
        problems.add(new TemplateProblem(where, 0, "has no name in locale " + locale));
      }
      refuseLink(where + ", name in " + locale, name, problems);
      clean.put(id, name);
    }
    return clean;
  }

  private static void refuseLink(String where, String value, List<TemplateProblem> problems) {
    String link = PlainText.link(value);
    if (link != null) {
      problems.add(
          new TemplateProblem(where, 0, "a notice must hold no link, but here is " + link));
    }
  }

  private static String fill(String phrase, Map<String, String> values) {
    return PHRASES.compile(phrase).execute(values);
  }

  /** The incident's words if it has them, else the template's. */
  private record Words(
      String locale,
      IncidentKind kind,
      Map<String, String> phrases,
      Map<String, String> controller,
      List<TemplateProblem> problems) {

    void put(
        Map<String, String> facts,
        String name,
        @Nullable Narrative narrative,
        Function<Narrative, @Nullable String> piece) {
      String told = narrative == null ? null : piece.apply(narrative);
      String words = told == null ? "" : PlainText.paragraphs(told);
      String where = "incident, " + name + " in " + locale;
      refuseLink(where, words, problems);
      if (words.length() > MAX_NARRATIVE) {
        problems.add(
            new TemplateProblem(where, 0, "is longer than " + MAX_NARRATIVE + " characters"));
      }
      if (words.isEmpty()) {
        String phrase = phrases.getOrDefault(kind.key() + "." + name, "");
        words = PlainText.paragraphs(fill(phrase, controller));
      }
      facts.put(name, words);
    }
  }

  /** Tells instants as a reader of one language expects them. */
  private record Dates(Map<String, String> phrases, Locale locale, ZoneId zone) {

    String occurred(@Nullable Instant from, @Nullable Instant until) {
      if (from != null && until != null) {
        return phrase(
            "occurred.between",
            Map.of("from", date(from), "until", date(until), "timeZone", zoneOf(from, until)));
      }
      if (from != null) {
        return phrase("occurred.since", Map.of("from", date(from), "timeZone", zoneOf(from, from)));
      }
      if (until != null) {
        return phrase(
            "occurred.until", Map.of("until", date(until), "timeZone", zoneOf(until, until)));
      }
      return phrase("occurred.unknown", Map.of());
    }

    @Nullable String detected(@Nullable Instant at) {
      return at == null
          ? null
          : phrase("detected.at", Map.of("at", date(at), "timeZone", zoneOf(at, at)));
    }

    private String phrase(String key, Map<String, String> values) {
      return PlainText.line(fill(phrases.getOrDefault(key, ""), values));
    }

    private String date(Instant instant) {
      ZonedDateTime local = instant.atZone(zone);
      return DateTimeFormatter.ofPattern(
              phrases.getOrDefault(Vocabulary.DATE_PATTERN, "yyyy-MM-dd HH:mm"), locale)
          .format(local);
    }

    /** The offset from UTC, or the zone's name where the two instants have different ones. */
    private String zoneOf(Instant one, Instant other) {
      ZoneOffset offset = zone.getRules().getOffset(one);
      if (!offset.equals(zone.getRules().getOffset(other))) {
        return zone.getId();
      }
      int minutes = offset.getTotalSeconds() / 60;
      if (minutes == 0) {
        return "UTC";
      }
      String hours = (minutes < 0 ? "UTC-" : "UTC+") + Math.abs(minutes) / 60;
      return minutes % 60 == 0 ? hours : hours + ":%02d".formatted(Math.abs(minutes) % 60);
    }
  }
}
