package io.tocsin.cli.operate;

import io.tocsin.avro.Answer;
import io.tocsin.avro.AnswerSubject;
import io.tocsin.avro.Decision;
import io.tocsin.avro.Evidence;
import io.tocsin.avro.Incident;
import io.tocsin.cli.CommandException;
import io.tocsin.cli.cluster.AnswerListener;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.cluster.Publisher;
import io.tocsin.schemas.topic.Topics;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/** Publishes incidents and decisions, and waits for what intake answers. */
public final class Intake {

  private final Cluster cluster;

  /** Publishes to a cluster. */
  public Intake(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Publishes an incident, and its evidence once it is accepted: evidence of a refused version must
   * not wait for the next attempt under the same number.
   *
   * @param progress gets how many lines of evidence were sent since it was last called
   * @return intake's answer, accepted
   * @throws CommandException with exit code 3 and the reasons if it was refused, 1 if no answer
   *     came
   */
  public Answer publish(IncidentFile.Publication publication, LongConsumer progress) {
    Incident incident = publication.incident();
    Answer answer = ask(incident);
    try (Publisher<Evidence> publisher = new Publisher<>(cluster, Topics.INCIDENT_SUBJECTS)) {
      for (IncidentFile.Line line : publication.evidence()) {
        publisher.send(line.userId(), line.evidence());
        progress.accept(1);
      }
      publisher.flush();
    }
    return answer;
  }

  /**
   * Publishes a decision.
   *
   * @return intake's answer, accepted
   * @throws CommandException with exit code 3 and the reasons if it was refused, 1 if no answer
   *     came
   */
  public Answer decide(Decision decision) {
    try (AnswerListener listener = AnswerListener.open(cluster);
        Publisher<Decision> publisher = new Publisher<>(cluster, Topics.DECISIONS)) {
      publisher.send(decision.getIncidentId(), decision);
      publisher.flush();
      return await(
          listener,
          answer ->
              answer.getSubject() == AnswerSubject.DECISION
                  && answer.getDecisionId().equals(Optional.of(decision.getDecisionId())),
          "The decision");
    }
  }

  private Answer ask(Incident incident) {
    try (AnswerListener listener = AnswerListener.open(cluster);
        Publisher<Incident> publisher = new Publisher<>(cluster, Topics.INCIDENTS)) {
      publisher.send(incident.getIncidentId(), incident);
      publisher.flush();
      return await(
          listener,
          answer ->
              answer.getSubject() == AnswerSubject.INCIDENT
                  && answer.getIncidentId().equals(incident.getIncidentId())
                  && answer.getVersion() == incident.getVersion(),
          "The incident");
    }
  }

  private Answer await(AnswerListener listener, Predicate<Answer> wanted, String what) {
    Answer answer =
        listener
            .await(wanted)
            .orElseThrow(() ->
                CommandException.failed(
                    what
                        + " is published, but intake has not answered within "
                        + cluster.patience().toMillis()
                        + " ms; is `tocsin intake` running? It will be answered once it runs"));
    if (!answer.getAccepted()) {
      throw CommandException.refused(what + " was refused: " + sentences(answer.getReasons()));
    }
    return answer;
  }

  private static String sentences(List<String> reasons) {
    return reasons.isEmpty() ? "no reason was given" : String.join(" ", reasons);
  }
}
