package io.tocsin.streams.intake;

import io.tocsin.avro.Decision;
import io.tocsin.avro.DecisionKind;
import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentShard;
import io.tocsin.avro.IncidentStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says everything that is wrong with a decision, one sentence each.
 *
 * <p>What depends on the scope (an approval, a partial release, "no notice needed") must name the
 * current version. A hold, a resume and a cancel concern the incident as a whole and may name an
 * earlier one: a hold must not fail because a wider version has just come in.
 */
public final class DecisionValidator {

  private final boolean countRequired;

  /**
   * A validator.
   *
   * @param countRequired whether an approval must name the number of people it was for; without
   *     {@code approval.required} it may come before anybody has counted
   */
  public DecisionValidator(boolean countRequired) {
    this.countRequired = countRequired;
  }

  /**
   * Validates one decision.
   *
   * @param key the record's key
   * @param incident the latest accepted version of the incident it names
   * @param former the accepted decision of the same id
   * @param hasTemplate whether the template it names is known
   */
  public Verdict validate(
      @Nullable String key,
      Decision decision,
      Optional<IncidentShard> incident,
      Optional<Decision> former,
      boolean hasTemplate) {
    if (former.isPresent() && former.get().equals(decision)) {
      return Verdict.repeated();
    }
    List<String> problems = new ArrayList<>();
    if (!Ids.isDecisionId(decision.getDecisionId())) {
      problems.add(
          "decisionId is not of the right form; use letters, digits, '.', '_' and '-', at most"
              + " 100.");
    } else if (former.isPresent()) {
      problems.add("decisionId belongs to another decision already; use a new one.");
    }
    if (!decision.getIncidentId().equals(key)) {
      problems.add("The record's key differs from incidentId; make them equal.");
    }
    if (decision.getPerson().isBlank()) {
      problems.add("person is blank; name who decides.");
    }
    if (incident.isEmpty()) {
      problems.add(
          "No version of incident%s has been accepted; publish it first, or correct incidentId."
              .formatted(Ids.quoted(decision.getIncidentId())));
    } else {
      checkVersion(decision, incident.get(), problems);
    }
    if (decision.getKind() == DecisionKind.APPROVE) {
      checkApproval(decision, incident, hasTemplate, problems);
    } else {
      checkReasons(decision, problems);
    }
    return Verdict.of(problems, List.of());
  }

  private static void checkVersion(
      Decision decision, IncidentShard incident, List<String> problems) {
    int named = decision.getIncidentVersion();
    int latest = incident.getIncident().getVersion();
    boolean known =
        switch (decision.getKind()) {
          case APPROVE, RELEASE_PARTIAL, NO_NOTICE_NEEDED -> named == latest;
          case HOLD, RESUME, CANCEL -> named >= 1 && named <= latest;
        };
    if (!known) {
      problems.add(
          "incidentVersion is %d, but the current version is %d; look at that one and decide again."
              .formatted(named, latest));
    }
  }

  private void checkApproval(
      Decision approval,
      Optional<IncidentShard> shard,
      boolean hasTemplate,
      List<String> problems) {
    if (approval.getScopeHash().isEmpty()) {
      problems.add("scopeHash is missing; an approval names the scope that was looked at.");
    }
    if (approval.getTemplateId().isEmpty() || approval.getTemplateVersion().isEmpty()) {
      problems.add(
          "templateId or templateVersion is missing; an approval names the texts that were looked"
              + " at.");
    } else if (!hasTemplate) {
      problems.add(
          "The template it names is not in tocsin.templates; publish it before the approval.");
    }
    if (countRequired && approval.getExpectedCount().isEmpty()) {
      problems.add("expectedCount is missing; an approval names the number of people it was for.");
    } else if (approval.getExpectedCount().map(count -> count < 0).orElse(false)) {
      problems.add("expectedCount is negative; name the number of people it was for.");
    }
    if (approval.getCanary().map(canary -> canary < 1).orElse(false)) {
      problems.add("canary is below 1; name how many people come first, or leave it out.");
    }
    if (shard.isEmpty()) {
      return;
    }
    Incident incident = shard.get().getIncident();
    if (approval.getScopeHash().isPresent()
        && approval.getIncidentVersion() == incident.getVersion()
        && !approval.getScopeHash().get().equals(shard.get().getScopeHash())) {
      problems.add(
          "scopeHash is not that of version %d, which is %s; look at that scope and decide again."
              .formatted(incident.getVersion(), shard.get().getScopeHash()));
    }
    if (incident.getReporter().strip().equalsIgnoreCase(approval.getPerson().strip())) {
      problems.add("person is the incident's reporter; somebody else must approve.");
    }
    if (incident.getStatus() == IncidentStatus.WITHDRAWN) {
      problems.add("The incident is withdrawn; there is nothing to approve.");
    }
  }

  private static void checkReasons(Decision decision, List<String> problems) {
    if (decision.getNote().map(String::isBlank).orElse(true)) {
      problems.add("note is missing; say in words why, for the record.");
    }
    if (decision.getKind() == DecisionKind.NO_NOTICE_NEEDED
        && decision.getReasonCode().map(String::isBlank).orElse(true)) {
      problems.add("reasonCode is missing; name the ground on which no notice is needed.");
    }
  }
}
