package io.tocsin.streams.intake;

import io.tocsin.avro.Answer;
import io.tocsin.avro.AnswerSubject;
import io.tocsin.avro.Decision;
import io.tocsin.avro.Incident;
import io.tocsin.schemas.deadletter.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the answers that publishers and operators get back. */
final class Answers {

  private Answers() {}

  /**
   * The answer to a published incident.
   *
   * @param scopeHash hash of the scope, if it was taken
   */
  static Answer incident(
      @Nullable String key,
      Incident incident,
      Verdict verdict,
      @Nullable String scopeHash,
      Instant now) {
    return Answer.newBuilder()
        .setSubject(AnswerSubject.INCIDENT)
        .setIncidentId(incidentId(key, incident.getIncidentId()))
        .setVersion(incident.getVersion())
        .setAccepted(verdict.isAccepted())
        .setReasons(verdict.reasons())
        .setWarnings(verdict.warnings())
        .setScopeHash(scopeHash)
        .setAnsweredAt(now)
        .build();
  }

  /** The answer to a tombstone among incidents. */
  static Answer noIncident(@Nullable String key, Instant now) {
    return Answer.newBuilder()
        .setSubject(AnswerSubject.INCIDENT)
        .setIncidentId(incidentId(key, ""))
        .setVersion(0)
        .setAccepted(false)
        .setReasons(
            List.of(
                "The record has no value; to take an incident back, publish its next version with"
                    + " status WITHDRAWN."))
        .setAnsweredAt(now)
        .build();
  }

  /** The answer to a decision. */
  static Answer decision(@Nullable String key, Decision decision, Verdict verdict, Instant now) {
    return Answer.newBuilder()
        .setSubject(AnswerSubject.DECISION)
        .setIncidentId(incidentId(key, decision.getIncidentId()))
        .setVersion(decision.getIncidentVersion())
        .setDecisionId(
            Ids.isDecisionId(decision.getDecisionId())
                ? decision.getDecisionId()
                : hidden(decision.getDecisionId()))
        .setAccepted(verdict.isAccepted())
        .setReasons(verdict.reasons())
        .setWarnings(verdict.warnings())
        .setScopeHash(decision.getScopeHash().filter(Ids::isIncidentId).orElse(null))
        .setAnsweredAt(now)
        .build();
  }

  /** Where the publisher will look; never a text that is not an id. */
  private static String incidentId(@Nullable String key, String claimed) {
    if (key != null && Ids.isIncidentId(key)) {
      return key;
    }
    return Ids.isIncidentId(claimed) ? claimed : hidden(key == null ? claimed : key);
  }

  private static String hidden(String text) {
    return DeadLetters.key(text.getBytes(StandardCharsets.UTF_8));
  }
}
