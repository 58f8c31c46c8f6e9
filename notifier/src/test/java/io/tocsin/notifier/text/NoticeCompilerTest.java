package io.tocsin.notifier.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.notifier.text.IncidentFacts.Narrative;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoticeCompilerTest {

  private static final Instant FROM = Instant.parse("2026-03-03T05:15:00Z");
  private static final Instant UNTIL = Instant.parse("2026-03-05T13:40:00Z");

  @ParameterizedTest
  @CsvSource({
    "en, from 10:15 on 3 March 2026 (UTC+5); we are still establishing when it ended",
    "ru, 'с 10:15 3 марта 2026 г. (UTC+5); когда это закончилось, мы ещё выясняем'",
    "kk, 'басталуы – 2026 жылғы 3 наурыз, сағат 10:15 (UTC+5); қашан аяқталғанын анықтап жатырмыз'"
  })
  void shouldTellABeginningWithoutAnEnd(String locale, String words) {
    assertThat(occurred(locale, FROM, null, "Asia/Almaty")).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({
    "en, no later than 18:40 on 5 March 2026 (UTC+5)",
    "ru, не позднее 18:40 5 марта 2026 г. (UTC+5)",
    "kk, 'ең кеші – 2026 жылғы 5 наурыз, сағат 18:40 (UTC+5)'"
  })
  void shouldTellAnEndWithoutABeginning(String locale, String words) {
    assertThat(occurred(locale, null, UNTIL, "Asia/Almaty")).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({
    "en, we are still establishing the exact time",
    "ru, точное время мы ещё выясняем",
    "kk, нақты уақытын анықтап жатырмыз"
  })
  void shouldSayThatTheTimeIsUnknown(String locale, String words) {
    assertThat(occurred(locale, null, null, "Asia/Almaty")).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({"UTC, (UTC)", "Asia/Kolkata, (UTC+5:30)", "America/St_Johns, (UTC-3:30)"})
  void shouldTellTheTimeZoneAsAnOffset(String zone, String shown) {
    assertThat(occurred("en", FROM, UNTIL, zone)).endsWith(shown);
  }

  @Test
  void shouldNameTheZoneWhenClocksChangedInBetween() {
    // Given
    Instant summer = Instant.parse("2026-04-02T10:00:00Z");

    // When
    String words = occurred("en", FROM, summer, "Europe/Berlin");

    // Then
    assertThat(words)
        .isEqualTo("between 06:15 on 3 March 2026 and 12:00 on 2 April 2026 (Europe/Berlin)");
  }

  @Test
  void shouldPreferTheIncidentsWordsAndFillTheirGapsWithTheDefaults() {
    // Given
    Narrative told = new Narrative("Украден ноутбук.", null, "  ", "- Ждите.");

    // When
    Map<String, String> facts = russian(incident(Map.of("ru", told)));

    // Then
    assertThat(facts)
        .containsEntry("whatHappened", "Украден ноутбук.")
        .containsEntry("whatYouCanDo", "- Ждите.");
    assertThat(facts.get("consequences")).startsWith("Посторонние могут");
    assertThat(facts.get("whatWeAreDoing")).startsWith("Мы закрываем");
  }

  @Test
  void shouldUseWordsOfARegionWhereTheLanguageHasNoneOfItsOwn() {
    // Given
    Narrative regional = new Narrative("Из Казахстана.", null, null, null);
    Narrative general = new Narrative("Отовсюду.", null, null, null);

    // Then
    assertThat(russian(incident(Map.of("ru-KZ", regional))))
        .containsEntry("whatHappened", "Из Казахстана.");
    assertThat(russian(incident(Map.of("ru-KZ", regional, "RU", general))))
        .containsEntry("whatHappened", "Отовсюду.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"See https://any2text.com/x", "www.any2text.com", "mailto:a@b.kz"})
  void shouldRefuseALinkInTheIncidentsWords(String words) {
    // Given
    IncidentFacts incident = incident(Map.of("en", new Narrative(words, null, null, null)));

    // Then
    assertThatThrownBy(() -> Samples.compile(incident))
        .isInstanceOf(TemplateException.class)
        .hasMessageStartingWith("incident, whatHappened in en: a notice must hold no link");
  }

  @Test
  void shouldRefuseWordsWithoutEnd() {
    // Given
    IncidentFacts incident =
        incident(Map.of("en", new Narrative(null, "word ".repeat(1_000), null, null)));

    // Then
    assertThatThrownBy(() -> Samples.compile(incident))
        .hasMessage("incident, consequences in en: is longer than 4000 characters");
  }

  @Test
  void shouldNameEveryCategoryWithoutAName() {
    // Given
    CategoryNames names =
        new CategoryNames(
            List.of("name", "ip"), Map.of("en", Map.of("name", "name"), "ru", Map.of("ip", "IP")));

    // Then
    assertThatThrownBy(() -> compile(Samples.CONTROLLER, names, Samples.SETTINGS))
        .hasMessage(
            "4 problems: category ip: has no name in locale en; "
                + "category ip: has no name in locale kk; category name: has no name in locale kk; "
                + "category name: has no name in locale ru");
  }

  @Test
  void shouldRefuseADefaultLocaleThatTheTemplateHasNot() {
    // Given
    TextSettings german = new TextSettings("de", ZoneId.of("UTC"), SmsBudget.DEFAULT);

    // Then
    assertThatThrownBy(() -> compile(Samples.CONTROLLER, Samples.CATEGORIES, german))
        .hasMessage("default: has no texts in the default locale de; it has en, kk, ru");
  }

  @Test
  void shouldRefuseAnSmsThatNoProviderTakes() {
    // Given
    Map<String, String> longNames = Map.of("name", "n".repeat(1_600));
    CategoryNames names =
        new CategoryNames(
            List.of("name"), Map.of("en", longNames, "ru", longNames, "kk", longNames));

    // Then
    assertThatThrownBy(() -> compile(Samples.CONTROLLER, names, Samples.SETTINGS))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("default/en/sms.txt: an SMS could take ")
        .hasMessageContaining("at most 1600");
  }

  @Test
  void shouldRefuseAControllerWithoutAnAddress() {
    assertThatThrownBy(() -> new Controller("A", "A", " \u202E", null, "a@b.kz", null))
        .hasMessage("controller address is empty");
  }

  @Test
  void shouldLeaveOutWhatTheControllerHasNot() {
    // Given
    Controller plain = new Controller("A", "A Ltd", "Street 1", null, "a@b.kz", null);

    // When
    String text =
        Renderer.of(compile(plain, Samples.CATEGORIES, Samples.SETTINGS))
            .email(Samples.person("en", "ip"))
            .text();

    // Then
    assertThat(text)
        .contains("write to a@b.kz and quote your reference")
        .endsWith("A Ltd\nStreet 1\nE-mail: a@b.kz\n");
  }

  @Test
  void shouldKeepTheVersionOfTheSameContent() {
    // Given
    List<String> shuffled = new ArrayList<>(Samples.CATEGORIES.ids());
    Map<String, Map<String, String>> names = new HashMap<>(Samples.CATEGORIES.names());

    // When
    NoticeTexts again =
        compile(Samples.CONTROLLER, new CategoryNames(shuffled, names), Samples.SETTINGS);

    // Then
    assertThat(again).isEqualTo(Samples.texts(IncidentKind.DISCLOSURE));
    assertThat(again.version()).matches("[0-9a-f]{16}");
  }

  @Test
  void shouldChangeTheVersionWithAnyContent() {
    // Given
    NoticeTexts texts = Samples.texts(IncidentKind.DISCLOSURE);
    List<UnaryOperator<NoticeTexts>> changes =
        List.of(
            t -> with(t, "ru", t.layout(), t.sms(), t.categoryIds(), t.locales()),
            t -> with(t, "en", t.layout() + " ", t.sms(), t.categoryIds(), t.locales()),
            t -> with(t, "en", t.layout(), new SmsBudget(1, 3), t.categoryIds(), t.locales()),
            t -> with(t, "en", t.layout(), new SmsBudget(2, 2), t.categoryIds(), t.locales()),
            t -> with(t, "en", t.layout(), t.sms(), t.categoryIds().reversed(), t.locales()),
            t -> changed(t, l -> locale(l, 0)),
            t -> changed(t, l -> locale(l, 1)),
            t -> changed(t, l -> locale(l, 2)),
            t -> changed(t, l -> locale(l, 3)),
            t -> changed(t, l -> locale(l, 4)),
            t -> changed(t, l -> locale(l, 5)));

    // When
    List<String> versions = new ArrayList<>(List.of(texts.version()));
    changes.forEach(change -> versions.add(change.apply(texts).contentVersion()));

    // Then
    assertThat(versions).doesNotHaveDuplicates();
  }

  @Test
  void shouldNotTakeTextsThatTheirVersionDoesNotName() {
    // Given
    NoticeTexts texts = Samples.texts(IncidentKind.DISCLOSURE);
    NoticeTexts tampered = changed(texts, l -> locale(l, 4));

    // Then
    assertThatThrownBy(() -> Renderer.of(tampered))
        .hasMessage(
            "default: has version "
                + texts.version()
                + ", but its content is "
                + tampered.contentVersion());
  }

  private static LocaleTexts locale(LocaleTexts l, int field) {
    String[] texts = {l.subject(), l.email(), l.sms(), l.moreCategories()};
    if (field < texts.length) {
      texts[field] += "!";
    }
    Map<String, String> facts = new HashMap<>(l.facts());
    Map<String, String> names = new HashMap<>(l.categoryNames());
    if (field == 4) {
      facts.remove("detectedAt");
    }
    if (field == 5) {
      names.put("name", "full name");
    }
    return new LocaleTexts(texts[0], texts[1], texts[2], texts[3], facts, names);
  }

  private static NoticeTexts changed(NoticeTexts texts, UnaryOperator<LocaleTexts> change) {
    Map<String, LocaleTexts> locales = new HashMap<>(texts.locales());
    locales.computeIfPresent("en", (locale, words) -> change.apply(words));
    return with(
        texts, texts.defaultLocale(), texts.layout(), texts.sms(), texts.categoryIds(), locales);
  }

  private static NoticeTexts with(
      NoticeTexts texts,
      String defaultLocale,
      String layout,
      SmsBudget sms,
      List<String> categoryIds,
      Map<String, LocaleTexts> locales) {
    return new NoticeTexts(
        texts.templateId(), texts.version(), defaultLocale, layout, sms, categoryIds, locales);
  }

  private static IncidentFacts incident(Map<String, Narrative> narratives) {
    return new IncidentFacts(IncidentKind.DISCLOSURE, FROM, UNTIL, null, narratives);
  }

  private static Map<String, String> russian(IncidentFacts incident) {
    return Objects.requireNonNull(Samples.compile(incident).locales().get("ru")).facts();
  }

  private static NoticeTexts compile(
      Controller controller, CategoryNames names, TextSettings settings) {
    return new NoticeCompiler(settings)
        .compile(
            TemplateFolder.builtIn(), Samples.incident(IncidentKind.DISCLOSURE), controller, names);
  }

  private static String occurred(
      String locale, @Nullable Instant from, @Nullable Instant until, String zone) {
    TextSettings settings = new TextSettings("en", ZoneId.of(zone), SmsBudget.DEFAULT);
    IncidentFacts incident = new IncidentFacts(IncidentKind.LOSS, from, until, null, Map.of());
    NoticeTexts texts =
        new NoticeCompiler(settings)
            .compile(TemplateFolder.builtIn(), incident, Samples.CONTROLLER, Samples.CATEGORIES);
    LocaleTexts words = Objects.requireNonNull(texts.locales().get(locale));
    return words.facts().getOrDefault("occurred", "");
  }
}
