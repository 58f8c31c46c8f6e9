package io.tocsin.notifier.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateFolderTest {

  @TempDir Path parent;

  private Path folder;

  @BeforeEach
  void writeTheDefaultTemplate() throws IOException {
    folder = TemplateFolder.builtIn().writeTo(parent, "breach");
  }

  @Test
  void shouldLoadWhatItWrote() {
    // When
    TemplateFolder loaded = TemplateFolder.load(folder);

    // Then
    assertThat(loaded.id()).isEqualTo("breach");
    assertThat(loaded.locales()).containsExactly("en", "kk", "ru");
  }

  @Test
  void shouldLoadFilesWithAByteOrderMarkAndCarriageReturns() throws IOException {
    // Given
    Path sms = folder.resolve("en/sms.txt");
    Files.writeString(sms, "\uFEFF" + Files.readString(sms).replace("\n", "\r\n"));

    // When
    TemplateFolder loaded = TemplateFolder.load(folder);

    // Then
    assertThat(loaded.files()).isEqualTo(TemplateFolder.builtIn().files());
  }

  @Test
  void shouldRefuseAnUnknownVariable() throws IOException {
    // Given
    replace("en/email.txt", "quote your reference: {{reference}}", "quote {{referense}}");

    // When
    TemplateException refused = refused();

    // Then
    assertThat(refused)
        .hasMessageStartingWith(
            "2 problems: breach/en/email.txt:40: unknown variable {{referense}}; allowed here:")
        .hasMessageContaining("#categories, #controllerPhone, #controllerRegistration, #detectedAt")
        .hasMessageContaining("occurred, reference, whatHappened");
    assertThat(refused.getMessage()).doesNotContain("\n");
  }

  @Test
  void shouldRefuseAnUnknownSection() throws IOException {
    // Given
    replace("en/email.txt", "{{#followUp}}", "{{#secondMail}}");
    replace("en/email.txt", "{{/followUp}}", "{{/secondMail}}");

    // Then
    assertThat(refused())
        .hasMessageStartingWith("breach/en/email.txt:5: unknown section {{#secondMail}}");
  }

  @Test
  void shouldRefuseAVariableThatMayBeAbsentOutsideItsSection() throws IOException {
    // Given
    replace("kk/email.txt", "{{#detectedAt}}\n", "");
    replace("kk/email.txt", "{{/detectedAt}}\n", "");

    // Then
    assertThat(refused())
        .hasMessage(
            "breach/kk/email.txt:14: variable {{detectedAt}} has a value only inside"
                + " {{#detectedAt}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"whatHappened", "occurred", "consequences", "whatWeAreDoing", "whatYouCanDo"})
  void shouldRefuseAnEmailWithoutWhatItMustSay(String name) throws IOException {
    // Given
    replace("ru/email.txt", "{{" + name + "}}", "");

    // Then
    assertThat(refused()).hasMessage("breach/ru/email.txt: {{" + name + "}} must appear");
  }

  @Test
  void shouldRefuseAnEmailWithoutTheReference() throws IOException {
    // Given
    replace("en/email.txt", "{{reference}}", "on request");

    // Then
    assertThat(refused()).hasMessage("breach/en/email.txt: {{reference}} must appear");
  }

  @Test
  void shouldRefuseAReferenceThatOnlyAFollowUpWouldShow() throws IOException {
    // Given
    replace("en/email.txt", "{{reference}}", "{{#followUp}}{{reference}}{{/followUp}}");

    // Then
    assertThat(refused()).hasMessage("breach/en/email.txt: {{reference}} must appear");
  }

  @Test
  void shouldRefuseAnEmailWithoutTheCategories() throws IOException {
    // Given
    replace("en/email.txt", "- {{category}}\n", "- something\n");

    // Then
    assertThat(refused())
        .hasMessage("breach/en/email.txt: {{#categories}}{{category}} must appear");
  }

  @Test
  void shouldRefuseAnSmsWithoutReferenceOrCategories() throws IOException {
    // Given
    replace("en/sms.txt", "{{reference}}", "");
    replace("en/sms.txt", "{{categoryList}}", "");

    // Then
    assertThat(refused())
        .hasMessage(
            "2 problems: breach/en/sms.txt: {{categoryList}} must appear; "
                + "breach/en/sms.txt: {{reference}} must appear");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "email.html",
        "en/subject.txt",
        "ru/email.txt",
        "kk/sms.txt",
        "kk/facts.properties"
      })
  void shouldRefuseAMissingFile(String file) throws IOException {
    // Given
    Files.delete(folder.resolve(file));

    // Then
    assertThat(refused()).hasMessage("breach/" + file + ": missing file");
  }

  @Test
  void shouldRefuseAMissingLocale() {
    // When
    TemplateException refused =
        catchThrowableOfType(
            TemplateException.class,
            () -> TemplateFolder.load(folder, Set.of("en", "ru", "kk", "de")));

    // Then
    assertThat(refused).hasMessage("breach/de: missing locale");
  }

  @Test
  void shouldRefuseAFolderThatIsNotThere() {
    // When
    TemplateException refused =
        catchThrowableOfType(
            TemplateException.class, () -> TemplateFolder.load(parent.resolve("other")));

    // Then
    assertThat(refused).hasMessage("other: no such template folder");
  }

  @Test
  void shouldRefuseAnUnknownKeyOfFacts() throws IOException {
    // Given
    replace("en/facts.properties", "date.pattern =", "theft.whatHappened = gone\ndate.pattern =");

    // Then
    assertThat(refused())
        .hasMessageStartingWith(
            "breach/en/facts.properties:6: unknown key theft.whatHappened; allowed: "
                + "alteration.consequences, ");
  }

  @Test
  void shouldRefuseAMissingKeyOfFacts() throws IOException {
    // Given
    replace("en/facts.properties", "list.more = and {{count}} more\n", "");

    // Then
    assertThat(refused())
        .hasMessage("breach/en/facts.properties: key list.more is missing or empty");
  }

  @Test
  void shouldRefuseAKeyOfFactsGivenTwice() throws IOException {
    // Given
    replace("en/facts.properties", "list.more =", "list.more = {{count}}\nlist.more =");

    // Then
    assertThat(refused()).hasMessageContaining("facts.properties:14: key list.more is given twice");
  }

  @Test
  void shouldRefuseAnUnknownVariableInFacts() throws IOException {
    // Given
    replace("ru/facts.properties", "с {{from}} до {{until}}", "с {{from}} до {{till}}");

    // Then
    assertThat(refused())
        .hasMessage(
            "2 problems: breach/ru/facts.properties:7: key occurred.between: "
                + "unknown variable {{till}}; allowed here: from, timeZone, until; "
                + "breach/ru/facts.properties:7: key occurred.between: {{until}} must appear");
  }

  @Test
  void shouldRefuseAPatternThatTellsNoDate() throws IOException {
    // Given
    replace("en/facts.properties", "HH:mm 'on' d MMMM yyyy", "HH:mm on day");

    // Then
    assertThat(refused())
        .hasMessageContaining("facts.properties:6: key date.pattern is not a pattern");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://any2text.com", "HTTPS://any2text.com", "www.any2text.com"})
  void shouldRefuseALink(String link) throws IOException {
    // Given
    replace("en/sms.txt", "Questions:", "Questions: " + link);
    replace("en/email.txt", "If you have questions", "See " + link + " or");
    replace("en/facts.properties", "Never share passwords or codes.\n", link + "\n");

    // When
    TemplateException refused = refused();

    // Then
    assertThat(refused.problems())
        .extracting(problem -> problem.where() + ":" + problem.line())
        .contains("breach/en/sms.txt:1", "breach/en/email.txt:40", "breach/en/facts.properties:17");
    assertThat(refused).hasMessageContaining("a notice must hold no link");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<img alt=\"\">",
        "<a>here</a>",
        "<link rel=\"stylesheet\">",
        "<script>1</script>",
        "<p style=\"background:url(x)\"></p>",
        "<p onclick=\"x\"></p>",
        "<style>@import 'x';</style>"
      })
  void shouldRefuseRemoteContentInTheLayout(String html) throws IOException {
    // Given
    replace("email.html", "{{#blocks}}", html + "{{#blocks}}");

    // Then
    assertThat(refused())
        .hasMessageStartingWith("breach/email.html:25: a notice must hold no link, image, script");
  }

  @Test
  void shouldRefuseALayoutWithWordsOfItsOwn() throws IOException {
    // Given
    replace("email.html", "</body>", "<p>Visit our shop!</p></body>");

    // Then
    assertThat(refused())
        .hasMessageStartingWith(
            "breach/email.html: must show every block once, in order, and no words");
  }

  @Test
  void shouldRefuseALayoutThatLeavesOutLists() throws IOException {
    // Given
    replace("email.html", "{{item}}", "");

    // Then
    assertThat(refused())
        .hasMessage("breach/email.html: {{#blocks}}{{#list}}{{#items}}{{item}} must appear");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{{reference}}}", "{{&reference}}", "{{>footer}}", "{{=<% %>=}}"})
  void shouldRefuseTagsThatNoticesDoWithout(String tag) throws IOException {
    // Given
    replace("en/sms.txt", "ref.", tag);

    // Then
    assertThat(refused())
        .hasMessageStartingWith("breach/en/sms.txt:1: tag {{")
        .hasMessageContaining("is not available; use {{name}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{ref", "{{#followUp}}", "{{/followUp}}", "}}", "{{}}", "{{#}}x{{/}}"})
  void shouldRefuseATagThatIsNotWhole(String tag) throws IOException {
    // Given
    replace("en/sms.txt", "{{reference}}", "{{reference}} " + tag);

    // Then
    assertThat(refused()).hasMessageContaining("breach/en/sms.txt:1: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\u202E", "\u2066", "\u200F", "\u061C", "\u0000", "\u001B", "\u0085", "\uFFFF"})
  void shouldRefuseCharactersNobodySees(String character) throws IOException {
    // Given
    replace("en/subject.txt", "Notice", "No" + character + "tice");

    // Then
    assertThat(refused())
        .hasMessage(
            "breach/en/subject.txt:1: character U+%04X is not allowed in a template"
                .formatted(character.codePointAt(0)));
  }

  @Test
  void shouldRefuseASubjectOfTwoLines() throws IOException {
    // Given
    replace("en/subject.txt", ": Notice", ":\nBcc: everybody");

    // Then
    assertThat(refused()).hasMessage("breach/en/subject.txt:2: a subject is one line");
  }

  @Test
  void shouldRefuseAFileThatIsNotUtf8() throws IOException {
    // Given
    Files.write(folder.resolve("ru/sms.txt"), "код".getBytes(StandardCharsets.UTF_16LE));
    Files.write(folder.resolve("ru/subject.txt"), new byte[] {(byte) 0xEA, (byte) 0xEE});

    // Then
    assertThat(refused()).hasMessageContaining("breach/ru/subject.txt: is not UTF-8");
  }

  @Test
  void shouldNameEveryProblemInOneLine() throws IOException {
    // Given
    Files.delete(folder.resolve("kk/sms.txt"));
    replace("en/email.txt", "{{occurred}}", "{{occured}}");
    replace("ru/facts.properties", "list.more", "list.less");

    // When
    TemplateException refused = refused();

    // Then
    assertThat(refused.problems())
        .extracting(TemplateProblem::where)
        .containsOnly("breach/en/email.txt", "breach/kk/sms.txt", "breach/ru/facts.properties");
    assertThat(refused.getMessage()).startsWith("5 problems: ").doesNotContain("\n");
    refused.problems().forEach(p -> assertThat(refused).hasMessageContaining(p.toString()));
  }

  private TemplateException refused() {
    TemplateException refused =
        catchThrowableOfType(TemplateException.class, () -> TemplateFolder.load(folder));
    assertThat(refused).isNotNull();
    return refused;
  }

  private void replace(String file, String old, String replacement) throws IOException {
    Path path = folder.resolve(file);
    String text = Files.readString(path);
    assertThat(text).contains(old);
    Files.writeString(path, text.replace(old, replacement));
  }
}
