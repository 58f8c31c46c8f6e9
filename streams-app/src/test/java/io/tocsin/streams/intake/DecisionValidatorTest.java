package io.tocsin.streams.intake;

import static io.tocsin.streams.Samples.accepted;
import static io.tocsin.streams.Samples.approval;
import static io.tocsin.streams.Samples.dataset;
import static io.tocsin.streams.Samples.decision;
import static io.tocsin.streams.Samples.incident;
import static io.tocsin.streams.Samples.scope;
import static io.tocsin.streams.Samples.withdrawn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tocsin.avro.Decision;
import io.tocsin.avro.DecisionKind;
import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentShard;
import io.tocsin.streams.intake.Verdict.Effect;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class DecisionValidatorTest {

  private static final Incident INCIDENT = incident("INC-1", 2, scope(dataset("registration")));
  private static final Decision APPROVAL = approval("D-1", INCIDENT);

  private final DecisionValidator validator = new DecisionValidator(true);

  static Stream<Arguments> wrong() {
    return Stream.of(
        arguments("id of another form", approve().setDecisionId("a b"), "decisionId is not of"),
        arguments("key differs", approve().setIncidentId("INC-2"), "key differs"),
        arguments("nobody decides", approve().setPerson(" "), "person is blank"),
        arguments("earlier version", approve().setIncidentVersion(1), "the current version is 2"),
        arguments("later version", approve().setIncidentVersion(3), "the current version is 2"),
        arguments("no scope hash", approve().setScopeHash(null), "scopeHash is missing"),
        arguments("other scope hash", approve().setScopeHash("0123"), "scopeHash is not that of"),
        arguments("no template", approve().setTemplateId(null), "templateId or templateVersion"),
        arguments(
            "no template version", approve().setTemplateVersion(null), "templateId or templateV"),
        arguments("no count", approve().setExpectedCount(null), "expectedCount is missing"),
        arguments("negative count", approve().setExpectedCount(-1L), "expectedCount is negative"),
        arguments("canary of none", approve().setCanary(0L), "canary is below 1"),
        arguments(
            "approved by the reporter", approve().setPerson("Security@SOC "), "the incident's rep"),
        arguments("hold without note", other(DecisionKind.HOLD).setNote(null), "note is missing"),
        arguments(
            "partial release of an earlier version",
            other(DecisionKind.RELEASE_PARTIAL).setIncidentVersion(1),
            "the current version is 2"),
        arguments(
            "no notice needed without ground",
            other(DecisionKind.NO_NOTICE_NEEDED),
            "reasonCode is missing"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrong")
  void shouldRefuse(String what, Decision.Builder changed, String reason) {
    // When
    Verdict verdict = validate(changed.build(), INCIDENT);

    // Then
    assertThat(verdict.effect()).isEqualTo(Effect.REFUSED);
    assertThat(verdict.reasons()).anySatisfy(each -> assertThat(each).contains(reason));
    assertThat(verdict.reasons()).allSatisfy(each -> assertThat(each).endsWith("."));
  }

  @Test
  void shouldTakeAnApprovalWithoutACountWhereNobodyMustHaveLooked() {
    // When
    Verdict verdict =
        new DecisionValidator(false)
            .validate(
                "INC-1",
                approve().setExpectedCount(null).build(),
                Optional.of(accepted(INCIDENT, 2)),
                Optional.empty(),
                true);

    // Then
    assertThat(verdict.reasons()).isEmpty();
    assertThat(verdict.effect()).isEqualTo(Effect.ACCEPTED);
  }

  @Test
  void shouldRefuseADecisionAboutAnUnknownIncident() {
    // When
    Verdict verdict =
        validator.validate("INC-1", APPROVAL, Optional.empty(), Optional.empty(), true);

    // Then
    assertThat(verdict.reasons())
        .containsExactly(
            "No version of incident \"INC-1\" has been accepted; publish it first, or correct"
                + " incidentId.");
  }

  @Test
  void shouldRefuseToApproveTextsNobodyHas() {
    // When
    Verdict verdict =
        validator.validate(
            "INC-1", APPROVAL, Optional.of(accepted(INCIDENT, 2)), Optional.empty(), false);

    // Then
    assertThat(verdict.reasons())
        .containsExactly(
            "The template it names is not in tocsin.templates; publish it before the approval.");
  }

  @Test
  void shouldRefuseToApproveAWithdrawnIncident() {
    // Given
    Incident withdrawn = withdrawn("INC-1", 2);

    // When
    Verdict verdict = validate(approval("D-1", withdrawn), withdrawn);

    // Then
    assertThat(verdict.reasons())
        .containsExactly("The incident is withdrawn; there is nothing to approve.");
  }

  @Test
  void shouldAcceptAnApprovalBySomebodyElse() {
    // When
    Verdict verdict = validate(APPROVAL, INCIDENT);

    // Then
    assertThat(verdict.reasons()).isEmpty();
    assertThat(verdict.effect()).isEqualTo(Effect.ACCEPTED);
  }

  @ParameterizedTest
  @EnumSource(names = {"HOLD", "RESUME", "CANCEL"})
  void shouldHoldResumeAndCancelWhateverVersionIsCurrent(DecisionKind kind) {
    // When
    Verdict verdict = validate(other(kind).setIncidentVersion(1).build(), INCIDENT);

    // Then
    assertThat(verdict.effect()).isEqualTo(Effect.ACCEPTED);
  }

  @Test
  void shouldTakeTheSameDecisionAgainWithoutEffect() {
    // When
    Verdict verdict =
        validator.validate("INC-1", APPROVAL, Optional.of(current()), Optional.of(APPROVAL), true);

    // Then
    assertThat(verdict.effect()).isEqualTo(Effect.REPEATED);
  }

  @Test
  void shouldRefuseAnIdThatBelongsToAnotherDecision() {
    // Given
    Decision other = other(DecisionKind.HOLD).setDecisionId("D-1").build();

    // When
    Verdict verdict =
        validator.validate("INC-1", other, Optional.of(current()), Optional.of(APPROVAL), true);

    // Then
    assertThat(verdict.reasons())
        .containsExactly("decisionId belongs to another decision already; use a new one.");
  }

  private Verdict validate(Decision decision, Incident incident) {
    return validator.validate(
        "INC-1", decision, Optional.of(accepted(incident, 2)), Optional.empty(), true);
  }

  private static IncidentShard current() {
    return accepted(INCIDENT, 2);
  }

  private static Decision.Builder approve() {
    return Decision.newBuilder(APPROVAL);
  }

  private static Decision.Builder other(DecisionKind kind) {
    return Decision.newBuilder(decision("D-2", kind, INCIDENT));
  }
}
