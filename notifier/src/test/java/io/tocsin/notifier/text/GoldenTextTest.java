package io.tocsin.notifier.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The default texts, word by word. After a change that is meant, write the files anew with
 *
 * <pre>
 * mvn -Dquick -pl notifier -am test -Dtest=GoldenTextTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dtocsin.golden.update=true</pre>
 *
 * <p>and read the difference before it is committed.
 */
class GoldenTextTest {

  private static final Path FOLDER = Path.of("src", "test", "resources", "golden", "text");

  @ParameterizedTest
  @CsvSource({
    "DISCLOSURE, en", "DISCLOSURE, ru", "DISCLOSURE, kk",
    "LOSS, en", "LOSS, ru", "LOSS, kk",
    "ALTERATION, en", "ALTERATION, ru", "ALTERATION, kk"
  })
  void shouldRenderTheAgreedWords(IncidentKind kind, String locale) throws IOException {
    // Given
    Renderer renderer = Renderer.of(Samples.texts(kind));
    Recipient person = Samples.person(locale, "name", "email", "phone");

    // When
    RenderedEmail email = renderer.email(person);
    RenderedSms sms = renderer.sms(person);

    // Then
    String name = kind.key() + "." + locale;
    compare(
        name + ".txt",
        "Subject: %s\nSMS (%s, %d units, %d segments): %s\n\n%s"
            .formatted(
                email.subject(),
                sms.segments().encoding(),
                sms.segments().units(),
                sms.segments().segments(),
                sms.body(),
                email.text()));
    if (kind == IncidentKind.DISCLOSURE) {
      compare(name + ".html", email.html());
    }
  }

  private static void compare(String name, String rendered) throws IOException {
    Path file = FOLDER.resolve(name);
    if (Boolean.getBoolean("tocsin.golden.update")) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, rendered);
    }
    assertThat(rendered).isEqualTo(Files.readString(file));
  }
}
