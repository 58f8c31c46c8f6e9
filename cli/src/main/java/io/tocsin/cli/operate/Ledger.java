package io.tocsin.cli.operate;

import io.tocsin.avro.Answer;
import io.tocsin.avro.AnswerSubject;
import io.tocsin.avro.Decision;
import io.tocsin.avro.Incident;
import io.tocsin.cli.CommandException;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.cluster.TopicReader;
import io.tocsin.schemas.id.ScopeHash;
import io.tocsin.schemas.topic.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every incident that was published, what intake answered, and what was decided: three topics of
 * one partition each, read whole.
 */
public final class Ledger {

  /** One incident's record, oldest first. */
  public static final class Page {

    private final String incidentId;
    private final List<Incident> published = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private final List<Decision> decisions = new ArrayList<>();

    private Page(String incidentId) {
      this.incidentId = incidentId;
    }

    /** The incident. */
    public String incidentId() {
      return incidentId;
    }

    /** Everything published, refused versions included. */
    public List<Incident> published() {
      return List.copyOf(published);
    }

    /** Everything intake answered. */
    public List<Answer> answers() {
      return List.copyOf(answers);
    }

    /** Every decision, refused ones included. */
    public List<Decision> decisions() {
      return List.copyOf(decisions);
    }

    /** The answer that accepted the latest version. */
    public Optional<Answer> acceptance() {
      return answers.stream()
          .filter(answer -> answer.getSubject() == AnswerSubject.INCIDENT && answer.getAccepted())
          .reduce((one, other) -> other.getVersion() >= one.getVersion() ? other : one);
    }

    /** The latest accepted version, as it was accepted. */
    public Optional<Incident> accepted() {
      return acceptance()
          .flatMap(answer ->
              published.stream()
                  .filter(incident -> incident.getVersion() == answer.getVersion())
                  .filter(incident ->
                      answer.getScopeHash().map(ScopeHash.of(incident)::equals).orElse(true))
                  .findFirst());
    }

    /** What intake said to a decision. */
    public Optional<Answer> answerTo(Decision decision) {
      return answers.stream()
          .filter(answer -> answer.getSubject() == AnswerSubject.DECISION)
          .filter(answer -> answer.getDecisionId().equals(Optional.of(decision.getDecisionId())))
          .findFirst();
    }

    /** The latest accepted version, or the end of the command. */
    public Incident requireAccepted() {
      return accepted()
          .orElseThrow(() ->
              CommandException.failed(
                  "Incident "
                      + incidentId
                      + " has no accepted version yet; `tocsin incident show "
                      + incidentId
                      + "` says why"));
    }
  }

  private final Map<String, Page> pages = new LinkedHashMap<>();

  private Ledger() {}

  /** Reads it. */
  public static Ledger read(Cluster cluster) {
    Ledger ledger = new Ledger();
    TopicReader reader = cluster.reader();
    reader.each(
        Topics.INCIDENTS,
        entry -> {
          if (entry.value() != null) {
            ledger.page(entry.key()).published.add(entry.value());
          }
        });
    reader.each(
        Topics.INCIDENT_ANSWERS,
        entry -> {
          if (entry.value() != null) {
            ledger.page(entry.key()).answers.add(entry.value());
          }
        });
    reader.each(
        Topics.DECISIONS,
        entry -> {
          if (entry.value() != null) {
            ledger.page(entry.key()).decisions.add(entry.value());
          }
        });
    return ledger;
  }

  /** Every incident, in the order of first publication. */
  public Collection<Page> pages() {
    return List.copyOf(pages.values());
  }

  /**
   * One incident.
   *
   * @throws CommandException if nobody has published it
   */
  public Page require(String incidentId) {
    Page page = pages.get(incidentId);
    if (page == null || page.published.isEmpty()) {
      throw CommandException.failed(
          "There is no incident " + incidentId + "; `tocsin incident list` names all");
    }
    return page;
  }

  private Page page(String incidentId) {
    return pages.computeIfAbsent(incidentId, Page::new);
  }
}
