package io.tocsin.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.avro.Evidence;
import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentKind;
import io.tocsin.cli.CommandException;
import io.tocsin.cli.ExitCodes;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("NullAway") // a missing entry fails the test by itself
class IncidentFileTest {

  private static final Instant NOW = Instant.parse("2026-04-01T12:00:00.123456Z");

  private static final String VALID =
      """
      {"incidentId":"INC-1","version":2,"kind":"loss","reporter":"siem",
       "scope":{"datasets":[{"dataset":"registration","categories":["email"]}],
                "exposedFrom":"2026-03-01T05:00:00+05:00","exposedUntil":null,"exceptUsers":["u-9"],
                "users":[{"userId":"u-1","dataset":"feedback","categories":["name"]},
                         {"userId":"u-2","dataset":"feedback","categories":["name"]},
                         {"userId":"u-1","dataset":"feedback","categories":["email"]}]},
       "detectedAt":"2026-03-02T00:00:00Z","encrypted":false,"approximateCount":12,
       "narratives":{"en":{"whatHappened":"A disk was lost."}}}
      """;

  @Test
  void shouldReadEveryField() {
    // When
    IncidentFile.Publication publication = parse(VALID, null);

    // Then
    Incident incident = publication.incident();
    assertThat(incident.getIncidentId()).isEqualTo("INC-1");
    assertThat(incident.getVersion()).isEqualTo(2);
    assertThat(incident.getKind()).isEqualTo(IncidentKind.LOSS);
    assertThat(incident.getReporter()).isEqualTo("siem");
    assertThat(incident.getScope().getExposedFrom())
        .contains(Instant.parse("2026-03-01T00:00:00Z"));
    assertThat(incident.getScope().getExposedUntil()).isEmpty();
    assertThat(incident.getScope().getExceptUsers()).containsExactly("u-9");
    assertThat(incident.getEncrypted()).contains(false);
    assertThat(incident.getKeyTaken()).isEmpty();
    assertThat(incident.getApproximateCount()).contains(12L);
    assertThat(incident.getNarratives().get("en").getWhatHappened()).contains("A disk was lost.");
    assertThat(incident.getReportedAt()).isEqualTo(Instant.parse("2026-04-01T12:00:00.123Z"));
  }

  @Test
  void shouldCountDistinctLinesOfEvidenceAndJoinTheirCategories() {
    // When
    IncidentFile.Publication publication = parse(VALID, null);

    // Then
    assertThat(publication.incident().getScope().getEvidenceCount()).isEqualTo(2);
    assertThat(publication.evidence())
        .extracting(IncidentFile.Line::userId)
        .containsExactly("u-1", "u-2");
    Evidence evidence = publication.evidence().getFirst().evidence();
    assertThat(evidence.getCategories()).isEqualTo(List.of("email", "name"));
    assertThat(evidence.getVersion()).isEqualTo(2);
  }

  @Test
  void shouldLetTheCommandLineNameTheReporter() {
    // When
    IncidentFile.Publication publication = parse(VALID, "ada");

    // Then
    assertThat(publication.incident().getReporter()).isEqualTo("ada");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "kind":"loss"          | "kind":"theft"        | kind must be one of disclosure, loss, alteration
          "version":2            | "version":"2"         | version must be a whole number
          "version":2,           |                       | version is missing
          "dataset":"registration" | "data":"registration" | scope.datasets[0].data is unknown; known are categories, dataset
          "exposedUntil":null    | "exposedUntil":"soon" | scope.exposedUntil must be a time such as 2026-03-01T00:00:00Z
          "categories":["email"]}], | "categories":"email"}], | scope.datasets[0].categories must be a list
          "encrypted":false      | "encrypted":"no"      | encrypted must be true or false
          "incidentId":"INC-1",  | "incidentId":"",      | incidentId is missing
          "whatHappened"         | "what"                | narratives.en.what is unknown
          """)
  void shouldNameThePathOfWhatIsWrong(String right, @Nullable String wrong, String sentence) {
    // When / Then
    assertThatThrownBy(() -> parse(VALID.replace(right, wrong == null ? "" : wrong), null))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCodes.USAGE))
        .hasMessageStartingWith(sentence);
  }

  @Test
  void shouldSayWhereADocumentIsNotJson() {
    // When / Then
    assertThatThrownBy(() -> parse("{\"incidentId\":\n oops}", null))
        .isInstanceOf(CommandException.class)
        .hasMessageStartingWith("not JSON at line 2, column ");
  }

  @Test
  void shouldNameAMissingFile() {
    // When / Then
    assertThatThrownBy(
            () -> new IncidentFile(Clock.systemUTC(), null).read(Path.of("no-such-incident.json")))
        .isInstanceOf(CommandException.class)
        .hasMessage("There is no file no-such-incident.json");
  }

  private static IncidentFile.Publication parse(String json, @Nullable String reporter) {
    return new IncidentFile(Clock.fixed(NOW, ZoneOffset.UTC), reporter).parse(json);
  }
}
