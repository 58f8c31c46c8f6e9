package io.tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigCommandTest {

  @Test
  void shouldKeepTheReferenceInTheDocumentsUpToDate() throws Exception {
    // Given
    String documented = Files.readString(Path.of("../docs/configuration.md"));

    // When
    String reference = ConfigCommand.reference(AllKeys.definition());

    // Then
    assertThat(documented.strip())
        .as("run ./tocsin config --markdown > docs/configuration.md")
        .isEqualTo(reference.strip());
  }

  @Test
  void shouldHideSecrets() {
    // Given
    StringWriter out = new StringWriter();

    // When
    int exitCode =
        Main.commandLine(
                Map.of(
                    "TOCSIN_TWILIO_AUTH_TOKEN", "very-secret",
                    "TOCSIN_KAFKA_SASL_JAAS_CONFIG", "password=very-secret"))
            .setOut(new PrintWriter(out, true))
            .execute("config");

    // Then
    assertThat(exitCode).isEqualTo(ExitCodes.OK);
    assertThat(out.toString())
        .contains("twilio.auth.token", "[hidden]")
        .doesNotContain("very-secret");
  }
}
