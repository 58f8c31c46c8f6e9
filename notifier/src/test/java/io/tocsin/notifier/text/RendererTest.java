package io.tocsin.notifier.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tocsin.notifier.text.IncidentFacts.Narrative;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RendererTest {

  private static final Pattern CONTROL =
      Pattern.compile(
          "[\\p{Cc}\\u202A-\\u202E\\u2066-\\u2069\\u200E\\u200F\\u061C\\uFFFF&&[^\\n]]");

  private static final String HOSTILE =
      "# Forged\r\n\r\n"
          + "- {{reference}} {{{x}}} <script>alert('1')</script> \"&amp;\" \u202Egnp.exe\u202C"
          + " \u2066x\u2069\u200E\u200F\u061C\u0000\u001B[31m\u0085\uFFFF\uD83D end";

  private final Renderer renderer = Renderer.of(Samples.texts(IncidentKind.DISCLOSURE));

  @ParameterizedTest
  @CsvSource({
    "en, en, Notice of Data Breach",
    "ru-KZ, ru, персональных данных",
    "kk_KZ, kk, дербес деректер",
    "de, en, Notice of Data Breach"
  })
  void shouldSpeakTheLanguageOfThePerson(String locale, String used, String words) {
    // When
    RenderedEmail email = renderer.email(Samples.person(locale, "name"));

    // Then
    assertThat(email.contentLanguage()).isEqualTo(used);
    assertThat(email.subject()).contains(words);
    assertThat(email.html()).contains("<html lang=\"" + used + "\">");
    assertThat(renderer.sms(Samples.person(locale, "name")).contentLanguage()).isEqualTo(used);
  }

  @Test
  void shouldNameOnlyThePersonsCategoriesTheMostImportantFirst() {
    // When
    RenderedEmail email = renderer.email(Samples.person("en", "ip", "name", "ip"));

    // Then
    assertThat(email.text())
        .contains("was involved:\n\n- name\n- IP address\n\nWhat We Are Doing\n")
        .doesNotContain("phone number", "purchase history");
  }

  @Test
  void shouldRefuseACategoryWithoutAName() {
    // When
    UnknownCategoryException refused =
        catchThrowableOfType(
            UnknownCategoryException.class,
            () -> renderer.email(Samples.person("en", "name", "blood-type")));

    // Then
    assertThat(refused.categoryId()).isEqualTo("blood-type");
    assertThat(refused)
        .hasMessage(
            "category blood-type has no name in template default/" + renderer.texts().version());
  }

  @Test
  void shouldSayThatAnotherEditionAddsToTheFirst() {
    // Given
    Recipient first = new Recipient(Samples.REFERENCE, "en", List.of("ip"), 1);
    Recipient second = new Recipient(Samples.REFERENCE, "en", List.of("ip"), 2);

    // Then
    assertThat(renderer.email(first).text()).doesNotContain("We wrote to you");
    assertThat(renderer.email(second).text())
        .contains("We wrote to you about this incident before.");
    assertThat(renderer.sms(second).body()).startsWith("Any2text (update): ");
  }

  @Test
  void shouldShowEachPersonTheirOwnReference() {
    // Given
    Recipient one = new Recipient("AAAAA-11111", "en", List.of("ip"), 1);
    Recipient other = new Recipient("BBBBB-22222", "en", List.of("ip"), 1);

    // When
    RenderedEmail first = renderer.email(one);
    RenderedEmail second = renderer.email(other);

    // Then
    assertThat(first.text()).contains("AAAAA-11111").doesNotContain("BBBBB-22222");
    assertThat(second.text()).contains("BBBBB-22222").doesNotContain("AAAAA-11111");
    assertThat(second.html()).contains("BBBBB-22222").doesNotContain("AAAAA-11111");
    assertThat(renderer.sms(other).body()).endsWith("BBBBB-22222");
  }

  @ParameterizedTest
  @EnumSource(IncidentKind.class)
  void shouldHoldTheSameWordsInBothParts(IncidentKind kind) {
    // Given
    Renderer ofKind = Renderer.of(Samples.texts(kind));
    for (String locale : TemplateFolder.BUILT_IN_LOCALES) {
      // When
      RenderedEmail email = ofKind.email(Samples.person(locale, "name", "phone", "ip"));

      // Then
      assertThat(EmailLayout.words(EmailLayout.bodyText(email.html())))
          .isEqualTo(EmailLayout.words(email.text()));
    }
  }

  @ParameterizedTest
  @EnumSource(IncidentKind.class)
  void shouldHoldNoLink(IncidentKind kind) {
    // Given
    Renderer ofKind = Renderer.of(Samples.texts(kind));
    for (String locale : TemplateFolder.BUILT_IN_LOCALES) {
      // When
      RenderedEmail email = ofKind.email(Samples.person(locale, "name", "phone"));
      RenderedSms sms = ofKind.sms(Samples.person(locale, "name", "phone"));

      // Then
      for (String text : List.of(email.subject(), email.text(), email.html(), sms.body())) {
        assertThat(text.toLowerCase(Locale.ROOT))
            .doesNotContain("http", "www.", "href", "src=", "url(", "mailto:", "<a ", "<img");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(IncidentKind.class)
  void shouldFitTypicalFactsIntoFewSegments(IncidentKind kind) {
    // Given
    Renderer ofKind = Renderer.of(Samples.texts(kind));
    String[] typical = {"name", "email", "phone"};

    // Then
    assertThat(ofKind.sms(Samples.person("en", typical)).segments().segments()).isEqualTo(1);
    assertThat(ofKind.sms(Samples.person("ru", typical)).segments().segments())
        .isLessThanOrEqualTo(3);
    assertThat(ofKind.sms(Samples.person("kk", typical)).segments().segments())
        .isLessThanOrEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "ru", "kk"})
  void shouldNameEveryCategoryInAnSmsThatHasRoom(String locale) {
    // When
    RenderedSms sms = renderer.sms(Samples.person(locale, "name", "email", "phone"));

    // Then
    String names =
        String.join(
            ", ",
            Samples.CATEGORIES.names().getOrDefault(locale, Map.of()).get("name"),
            Samples.CATEGORIES.names().getOrDefault(locale, Map.of()).get("email"),
            Samples.CATEGORIES.names().getOrDefault(locale, Map.of()).get("phone"));
    assertThat(sms.body()).contains(": " + names + ". ");
  }

  @ParameterizedTest
  @CsvSource({
    "en, 1, 'name, e-mail address and 4 more. '",
    "ru, 3, 'имя, адрес эл. почты, номер телефона, история покупок, IP-адрес и ещё 1. '",
    "kk, 3, 'аты-жөні, эл. пошта мекенжайы, телефон нөмірі және тағы 3. '"
  })
  void shouldNameTheMostImportantCategoriesInAnSmsThatHasNoRoomForAll(
      String locale, int segments, String list) {
    // Given
    Renderer tight = Renderer.of(Samples.texts(IncidentKind.DISCLOSURE, new SmsBudget(1, 3)));
    String[] all = Samples.CATEGORIES.ids().toArray(String[]::new);

    // When
    RenderedSms sms = tight.sms(Samples.person(locale, all));

    // Then
    assertThat(sms.body()).contains(list);
    assertThat(sms.segments().segments()).isEqualTo(segments);
    assertThat(sms.segments()).isEqualTo(SmsSegments.of(sms.body()));
  }

  @Test
  void shouldNameAtLeastOneCategoryEvenIfNothingFits() {
    // Given
    Renderer tight = Renderer.of(Samples.texts(IncidentKind.DISCLOSURE, new SmsBudget(1, 1)));

    // When
    RenderedSms sms = tight.sms(Samples.person("ru", "name", "email", "phone"));

    // Then
    assertThat(sms.body()).contains(": имя и ещё 2. ");
    assertThat(sms.segments()).isEqualTo(SmsSegments.of(sms.body()));
  }

  @Test
  void shouldWritePlainPunctuationWhereThatSavesSegments() {
    // Given
    CategoryNames typographic =
        new CategoryNames(
            List.of("a"),
            Map.of(
                "en", Map.of("a", "passport – “copy”…"),
                "ru", Map.of("a", "паспорт – «копия»"),
                "kk", Map.of("a", "төлқұжат – «көшірме»")));
    Renderer ofNames = Renderer.of(compile(Map.of(), Samples.CONTROLLER, typographic));

    // Then
    RenderedSms english = ofNames.sms(Samples.person("en", "a"));
    assertThat(english.body()).contains("passport - \"copy\"...");
    assertThat(english.segments().encoding()).isEqualTo(SmsSegments.Encoding.GSM_7);
    assertThat(ofNames.sms(Samples.person("ru", "a")).body()).contains("паспорт – «копия»");
  }

  @Test
  void shouldDisarmHostileValues() {
    // Given
    Map<String, Narrative> narratives =
        Map.of("en", new Narrative(HOSTILE, HOSTILE, HOSTILE, HOSTILE));
    Controller controller =
        new Controller(HOSTILE, HOSTILE, HOSTILE, HOSTILE, "help@any2text.com", HOSTILE);
    Map<String, String> names = Map.of("name", HOSTILE);
    CategoryNames categories =
        new CategoryNames(List.of("name"), Map.of("en", names, "ru", names, "kk", names));
    Renderer hostile = Renderer.of(compile(narratives, controller, categories));

    // When
    RenderedEmail email = hostile.email(Samples.person("en", "name"));
    RenderedSms sms = hostile.sms(Samples.person("en", "name"));

    // Then
    assertThat(email.subject()).doesNotContain("\r", "\n").doesNotContainPattern(CONTROL);
    assertThat(sms.body()).doesNotContain("\r", "\n").doesNotContainPattern(CONTROL);
    assertThat(email.text()).doesNotContain("\r").doesNotContainPattern(CONTROL);
    assertThat(email.html()).doesNotContain("\r").doesNotContainPattern(CONTROL);

    assertThat(email.text())
        .contains("{{reference}} {{{x}}} <script>")
        .doesNotContain("Forged\n---");
    assertThat(email.html())
        .contains("{{reference}} {{{x}}} &lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;")
        .doesNotContain("<script");
    assertThat(email.html().split("<h2 ", -1)).as("headings").hasSize(6);
    assertThat(email.html().split("<h1 ", -1)).as("titles").hasSize(2);
    assertThat(EmailLayout.words(EmailLayout.bodyText(email.html())))
        .isEqualTo(EmailLayout.words(email.text()));
  }

  @Test
  void shouldKeepParagraphsAndListsOfTheIncidentsWords() {
    // Given
    Map<String, Narrative> narratives =
        Map.of(
            "en",
            new Narrative("One.\r\n\r\n\r\nTwo,\rthree.", null, null, "First:\n - a\n-  b\n-"));
    Renderer ofWords = Renderer.of(compile(narratives, Samples.CONTROLLER, Samples.CATEGORIES));

    // When
    RenderedEmail email = ofWords.email(Samples.person("en", "name"));

    // Then
    assertThat(email.text())
        .contains("\n\nOne.\n\nTwo,\nthree.\n\nWhen it happened")
        .contains("\n\nFirst:\n\n- a\n- b\n\nFor More Information\n");
    assertThat(email.html()).contains(">Two,<br>three.<br></p>").contains(">a</li>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7KQ2M\r\nBcc: x", "<b>", "{{x}}", "-", "\u202E1", "a b"})
  void shouldRefuseAReferenceThatIsNone(String reference) {
    assertThatThrownBy(() -> new Recipient(reference, "en", List.of("name"), 1))
        .hasMessage("a reference is 1 to 32 letters, digits and hyphens");
  }

  @Test
  void shouldRefuseANoticeThatNamesNothing() {
    assertThatThrownBy(() -> Samples.person("en"))
        .hasMessage("notice " + Samples.REFERENCE + " names no category");
  }

  @Test
  void shouldHashWhatWasRendered() {
    // Given
    RenderedEmail email = new RenderedEmail("s", "t", "h", "en");

    // Then
    assertThat(email.hash())
        .as("sha256 of s, 0, t, 0, h")
        .isEqualTo("8df6ddf188090fe179d71562a390e325e84efccd64b79fc76d3c9b648107ca84");
    assertThat(renderer.email(Samples.person("en", "ip")).hash())
        .isEqualTo(renderer.email(Samples.person("en", "ip", "ip")).hash())
        .isNotEqualTo(renderer.email(Samples.person("en", "name")).hash());
    assertThat(renderer.sms(Samples.person("ru", "ip")).hash()).matches("[0-9a-f]{64}");
  }

  @Test
  void shouldNotShowAnybodysTextInALog() {
    assertThat(renderer.email(Samples.person("en", "ip"))).asString().doesNotContain("IP address");
    assertThat(renderer.sms(Samples.person("en", "ip"))).asString().doesNotContain("IP address");
  }

  @Test
  void shouldRenderTheSameForEveryThread() throws Exception {
    // Given
    List<Future<String>> hashes = new ArrayList<>();
    String[][] sets = {{"name"}, {"ip", "name"}, {"phone"}, {"email", "purchases", "ip"}};

    // When
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 400; i++) {
        String[] set = sets[i % sets.length];
        hashes.add(threads.submit(() -> renderer.email(Samples.person("kk", set)).hash()));
      }
    }

    // Then
    Renderer fresh = Renderer.of(renderer.texts());
    for (int i = 0; i < hashes.size(); i++) {
      Recipient person = Samples.person("kk", sets[i % sets.length]);
      assertThat(hashes.get(i).get()).isEqualTo(fresh.email(person).hash());
    }
  }

  private static NoticeTexts compile(
      Map<String, Narrative> narratives, Controller controller, CategoryNames names) {
    IncidentFacts incident =
        new IncidentFacts(IncidentKind.DISCLOSURE, null, null, null, narratives);
    return new NoticeCompiler(Samples.SETTINGS)
        .compile(TemplateFolder.builtIn(), incident, controller, names);
  }
}
