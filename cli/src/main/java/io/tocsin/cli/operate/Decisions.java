package io.tocsin.cli.operate;

import io.tocsin.avro.Answer;
import io.tocsin.avro.Decision;
import io.tocsin.avro.DecisionKind;
import io.tocsin.avro.Incident;
import io.tocsin.avro.NoticeTemplate;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.cluster.Publisher;
import io.tocsin.schemas.id.ScopeHash;
import io.tocsin.schemas.topic.Topics;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes an operator's decisions and has intake take them. */
public final class Decisions {

  private final Cluster cluster;
  private final Clock clock;

  /** Decides on a cluster's incidents. */
  public Decisions(Cluster cluster, Clock clock) {
    this.cluster = cluster;
    this.clock = clock;
  }

  /**
   * Approves the notice of an incident version: publishes its words, then the decision that names
   * version, scope, words and count.
   *
   * @param affected how many people the approver was shown
   * @param canary release only this many first, then hold; null for all
   * @throws io.tocsin.cli.CommandException with exit code 3 and the reasons if it was refused
   */
  public Answer approve(
      Incident incident,
      NoticeWords words,
      long affected,
      @Nullable Long canary,
      String person,
      @Nullable String note) {
    NoticeTemplate template = words.template();
    try (Publisher<NoticeTemplate> publisher = new Publisher<>(cluster, Topics.TEMPLATES)) {
      publisher.send(words.key(), template);
      publisher.flush();
    }
    return new Intake(cluster)
        .decide(
            decision(incident, DecisionKind.APPROVE, person, note)
                .setScopeHash(ScopeHash.of(incident))
                .setTemplateId(template.getTemplateId())
                .setTemplateVersion(template.getVersion())
                .setExpectedCount(affected)
                .setCanary(canary)
                .build());
  }

  /**
   * Holds, resumes, cancels or releases in part.
   *
   * @throws io.tocsin.cli.CommandException with exit code 3 and the reasons if it was refused
   */
  public Answer decide(Incident incident, DecisionKind kind, String person, @Nullable String note) {
    return new Intake(cluster).decide(decision(incident, kind, person, note).build());
  }

  private Decision.Builder decision(
      Incident incident, DecisionKind kind, String person, @Nullable String note) {
    return Decision.newBuilder()
        .setDecisionId(UUID.randomUUID().toString())
        .setIncidentId(incident.getIncidentId())
        .setKind(kind)
        .setIncidentVersion(incident.getVersion())
        .setPerson(person)
        .setNote(note)
        .setDecidedAt(clock.instant().truncatedTo(ChronoUnit.MILLIS));
  }
}
