package io.tocsin.cli.operate;

import io.tocsin.avro.Answer;
import io.tocsin.avro.Incident;
import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.TocsinCommand;
import io.tocsin.cli.cluster.Cluster;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code tocsin incident list}. */
@Command(name = "list", description = "Lists every incident that was published, oldest first.")
final class IncidentListCommand extends TocsinCommand {

  @Override
  public Integer call() {
    try (Cluster cluster = Cluster.connect(config())) {
      List<Map<String, Object>> rows =
          Ledger.read(cluster).pages().stream()
              .filter(page -> !page.published().isEmpty())
              .map(IncidentListCommand::row)
              .toList();
      out()
          .rows(
              List.of(
                  "incidentId", "version", "kind", "status", "reporter", "answer", "reportedAt"),
              rows,
              "No incidents.");
      return ExitCodes.OK;
    }
  }

  private static Map<String, Object> row(Ledger.Page page) {
    Incident shown = page.accepted().orElseGet(() -> page.published().getLast());
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("incidentId", page.incidentId());
    row.put("version", shown.getVersion());
    row.put("kind", shown.getKind().name());
    row.put("status", shown.getStatus().name());
    row.put("reporter", shown.getReporter());
    row.put("answer", answer(page.acceptance(), page));
    row.put("reportedAt", shown.getReportedAt().toString());
    return row;
  }

  private static String answer(Optional<Answer> acceptance, Ledger.Page page) {
    if (acceptance.isPresent()) {
      return "accepted";
    }
    return page.answers().isEmpty() ? "none yet" : "refused";
  }
}
