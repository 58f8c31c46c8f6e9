package io.tocsin.streams.intake;

import static io.tocsin.streams.Samples.NOW;
import static io.tocsin.streams.Samples.accepted;
import static io.tocsin.streams.Samples.dataset;
import static io.tocsin.streams.Samples.incident;
import static io.tocsin.streams.Samples.march;
import static io.tocsin.streams.Samples.scope;
import static io.tocsin.streams.Samples.withdrawn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentShard;
import io.tocsin.avro.Narrative;
import io.tocsin.avro.Scope;
import io.tocsin.schemas.catalogue.Catalogue;
import io.tocsin.streams.intake.Verdict.Effect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IncidentValidatorTest {

  private static final Incident GOOD = incident("INC-1", 1, scope(dataset("registration")));

  private final IncidentValidator validator = new IncidentValidator(Catalogue.sample());

  static Stream<Arguments> wrong() {
    return Stream.of(
        arguments("id of another form", change().setIncidentId("a b@c"), "incidentId is not of"),
        arguments("id too long", change().setIncidentId("x".repeat(101)), "incidentId is not of"),
        arguments("key differs", change().setIncidentId("INC-2"), "key differs from incidentId"),
        arguments("version 0", change().setVersion(0), "version is 0"),
        arguments("without scope", change().setScope(scope()), "scope is empty"),
        arguments(
            "negative evidence count",
            scoped(Scope.newBuilder(GOOD.getScope()).setEvidenceCount(-1)),
            "scope.evidenceCount is negative"),
        arguments(
            "from after until",
            change().setScope(scope(march(9), march(5), dataset("registration"))),
            "scope.exposedFrom is not before scope.exposedUntil"),
        arguments(
            "from equal to until",
            change().setScope(scope(march(5), march(5), dataset("registration"))),
            "scope.exposedFrom is not before scope.exposedUntil"),
        arguments(
            "window in the future",
            change().setScope(scope(NOW.plusSeconds(60), null, dataset("registration"))),
            "scope.exposedFrom is in the future"),
        arguments(
            "unknown dataset",
            change().setScope(scope(dataset("registratoin"))),
            "scope.datasets[0].dataset \"registratoin\" is not in the catalogue; use one of"
                + " registration"),
        arguments(
            "unknown category",
            change().setScope(scope(dataset("registration", "email", "shoe-size"))),
            "scope.datasets[0].categories[1] \"shoe-size\" is not in the catalogue"),
        arguments(
            "dataset twice",
            change().setScope(scope(dataset("registration"), dataset("registration", "email"))),
            "scope.datasets[1].dataset \"registration\" is listed twice"),
        arguments(
            "blank excepted user",
            scoped(Scope.newBuilder(GOOD.getScope()).setExceptUsers(List.of("u-1", " "))),
            "scope.exceptUsers[1] is blank"),
        arguments(
            "occurred from after until",
            change().setOccurredFrom(march(9)).setOccurredUntil(march(5)),
            "occurredFrom is after occurredUntil"),
        arguments("blank reporter", change().setReporter(" "), "reporter is blank"),
        arguments(
            "negative approximate count", change().setApproximateCount(-3L), "approximateCount"),
        arguments(
            "language tag of another form",
            change().setNarratives(Map.of("english!", Narrative.newBuilder().build())),
            "narratives: the language tag is not one of BCP 47"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrong")
  void shouldRefuse(String what, Incident.Builder changed, String reason) {
    // When
    Verdict verdict = validator.validate("INC-1", changed.build(), Optional.empty(), NOW);

    // Then
    assertThat(verdict.effect()).isEqualTo(Effect.REFUSED);
    assertThat(verdict.reasons()).anySatisfy(each -> assertThat(each).contains(reason));
    assertThat(verdict.reasons()).allSatisfy(each -> assertThat(each).endsWith("."));
  }

  @Test
  void shouldNameEveryProblemAtOnce() {
    // Given
    Incident incident =
        change()
            .setVersion(0)
            .setReporter("")
            .setScope(scope(march(9), march(5), dataset("nothing", "nowhere")))
            .build();

    // When
    Verdict verdict = validator.validate("INC-1", incident, Optional.empty(), NOW);

    // Then
    assertThat(verdict.reasons()).hasSize(5);
  }

  @Test
  void shouldNotRepeatAnAddressThatStandsWhereItDoesNotBelong() {
    // Given
    Incident incident =
        change()
            .setIncidentId("aigerim@example.kz")
            .setScope(scope(dataset("aigerim@example.kz", "+77010000000")))
            .build();

    // When
    Verdict verdict = validator.validate("+77010000000", incident, Optional.empty(), NOW);

    // Then
    assertThat(verdict.reasons().toString()).doesNotContain("aigerim").doesNotContain("7701");
  }

  @Test
  void shouldAcceptEveryFormOfScope() {
    for (Scope scope :
        List.of(
            scope(dataset("registration")),
            scope(dataset("registration", "email"), dataset("purchases")),
            scope(march(1), null, dataset("registration")),
            scope(null, march(1), dataset("registration")),
            Scope.newBuilder().setEvidenceCount(3).build(),
            Scope.newBuilder(scope(dataset("registration")))
                .setEvidenceCount(3)
                .setExceptUsers(List.of("u-9"))
                .build())) {
      // When
      Verdict verdict =
          validator.validate("INC-1", change().setScope(scope).build(), Optional.empty(), NOW);

      // Then
      assertThat(verdict.reasons()).isEmpty();
      assertThat(verdict.effect()).isEqualTo(Effect.ACCEPTED);
    }
  }

  @Test
  void shouldAcceptAWithdrawalWithoutScope() {
    // When
    Verdict verdict =
        validator.validate("INC-1", withdrawn("INC-1", 2), Optional.of(current(1)), NOW);

    // Then
    assertThat(verdict.effect()).isEqualTo(Effect.ACCEPTED);
  }

  @Test
  void shouldTakeTheSameVersionWithTheSameContentAgainWithoutEffect() {
    // Given
    Incident again = change().setReportedAt(NOW.plusSeconds(60)).build();

    // When
    Verdict verdict = validator.validate("INC-1", again, Optional.of(current(1)), NOW);

    // Then
    assertThat(verdict.effect()).isEqualTo(Effect.REPEATED);
    assertThat(verdict.isAccepted()).isTrue();
  }

  @Test
  void shouldRefuseTheSameVersionWithOtherContent() {
    // Given
    Incident other = change().setScope(scope(dataset("purchases"))).build();

    // When
    Verdict verdict = validator.validate("INC-1", other, Optional.of(current(1)), NOW);

    // Then
    assertThat(verdict.reasons())
        .containsExactly(
            "version 1 is already accepted with other content; publish the change as version 2.");
  }

  @Test
  void shouldRefuseAVersionGoingBackwards() {
    // When
    Verdict verdict = validator.validate("INC-1", GOOD, Optional.of(current(3)), NOW);

    // Then
    assertThat(verdict.reasons())
        .containsExactly("version is 1, but version 3 is already accepted; publish version 4.");
  }

  @Test
  void shouldWarnOfTimesThatLegalLimitsCountFrom() {
    // Given
    Incident incident =
        change().setDetectedAt(NOW.plus(Duration.ofDays(1))).setAwareAt(NOW.plusSeconds(1)).build();

    // When
    Verdict verdict = validator.validate("INC-1", incident, Optional.empty(), NOW);

    // Then
    assertThat(verdict.effect()).isEqualTo(Effect.ACCEPTED);
    assertThat(verdict.warnings()).hasSize(2);
  }

  private static Incident.Builder change() {
    return Incident.newBuilder(GOOD);
  }

  private static Incident.Builder scoped(Scope.Builder scope) {
    return change().setScope(scope.build());
  }

  private static IncidentShard current(int version) {
    return accepted(incident("INC-1", version, scope(dataset("registration"))), 2);
  }
}
