package io.tocsin.cli.operate;

import io.tocsin.avro.Answer;
import io.tocsin.avro.AnswerSubject;
import io.tocsin.avro.Decision;
import io.tocsin.avro.Incident;
import io.tocsin.avro.Scope;
import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.TocsinCommand;
import io.tocsin.cli.cluster.Cluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tocsin incident show}. */
@Command(
    name = "show",
    description =
        "Shows an incident's record: every version, what intake answered, every decision.")
final class IncidentShowCommand extends TocsinCommand {

  @Parameters(paramLabel = "INCIDENT", description = "Id of the incident.")
  private String incidentId = "";

  /** Something that was recorded. */
  private record Event(Instant at, Map<String, Object> row) {}

  @Override
  public Integer call() {
    try (Cluster cluster = Cluster.connect(config())) {
      Ledger.Page page = Ledger.read(cluster).require(incidentId);
      List<Event> events = new ArrayList<>();
      page.published().forEach(incident -> events.add(published(incident)));
      page.answers().forEach(answer -> events.add(answered(answer)));
      page.decisions().forEach(decision -> events.add(decided(decision)));
      out()
          .rows(
              List.of("at", "what", "version", "who", "details"),
              events.stream().sorted(Comparator.comparing(Event::at)).map(Event::row).toList(),
              "Nothing.");
      return ExitCodes.OK;
    }
  }

  private static Event published(Incident incident) {
    Scope scope = incident.getScope();
    List<String> details = new ArrayList<>();
    details.add(incident.getKind().name());
    details.add(incident.getStatus().name());
    scope
        .getDatasets()
        .forEach(dataset ->
            details.add(
                dataset.getCategories().isEmpty()
                    ? dataset.getDataset()
                    : dataset.getDataset() + dataset.getCategories()));
    scope.getExposedFrom().ifPresent(from -> details.add("from " + from));
    scope.getExposedUntil().ifPresent(until -> details.add("until " + until));
    if (scope.getEvidenceCount() > 0) {
      details.add(scope.getEvidenceCount() + " lines of evidence");
    }
    if (!scope.getExceptUsers().isEmpty()) {
      details.add("except " + scope.getExceptUsers().size() + " users");
    }
    return event(
        incident.getReportedAt(),
        "published",
        incident.getVersion(),
        incident.getReporter(),
        details);
  }

  private static Event answered(Answer answer) {
    List<String> details = new ArrayList<>(answer.getReasons());
    details.addAll(answer.getWarnings());
    answer.getScopeHash().ifPresent(hash -> details.add("scope " + hash));
    String subject = answer.getSubject() == AnswerSubject.INCIDENT ? "incident " : "decision ";
    return event(
        answer.getAnsweredAt(),
        subject + (answer.getAccepted() ? "accepted" : "refused"),
        answer.getVersion(),
        "intake",
        details);
  }

  private static Event decided(Decision decision) {
    List<String> details = new ArrayList<>();
    add(details, "template ", decision.getTemplateVersion());
    add(details, "people ", decision.getExpectedCount());
    add(details, "first ", decision.getCanary());
    add(details, "", decision.getNote());
    return event(
        decision.getDecidedAt(),
        decision.getKind().name(),
        decision.getIncidentVersion(),
        decision.getPerson(),
        details);
  }

  private static void add(List<String> details, String what, Optional<?> value) {
    value.ifPresent(present -> details.add(what + present));
  }

  private static Event event(
      Instant at, String what, int version, String who, List<String> details) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("at", at.toString());
    row.put("what", what);
    row.put("version", version);
    row.put("who", who);
    row.put("details", details);
    return new Event(at, row);
  }
}
