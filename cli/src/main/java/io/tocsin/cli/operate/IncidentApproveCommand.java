package io.tocsin.cli.operate;

import io.tocsin.avro.Answer;
import io.tocsin.avro.Incident;
import io.tocsin.cli.CommandException;
import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.Progress;
import io.tocsin.cli.TocsinCommand;
import io.tocsin.cli.cluster.Cluster;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tocsin incident approve}. */
@Command(
    name = "approve",
    description = {
      "Approves the notice of an incident's latest version, once its people are identified; sending"
          + " begins at once.",
      "The decision names the version, its scope, the words and the count. It must be by another"
          + " person than the reporter, and does not cover a later version. Exits with 3 if it is"
          + " refused."
    })
final class IncidentApproveCommand extends TocsinCommand {

  @Parameters(paramLabel = "INCIDENT", description = "Id of the incident.")
  private String incidentId = "";

  @Option(names = "--as", paramLabel = "PERSON", required = true, description = "Who approves.")
  private String person = "";

  @Option(
      names = "--canary",
      paramLabel = "N",
      description = "Tells only the first N people and then holds; `resume` goes on.")
  private @Nullable Long canary;

  @Option(
      names = "--expect",
      paramLabel = "N",
      description = "Refuses if not exactly N people are affected.")
  private @Nullable Long expected;

  @Option(
      names = "--template",
      paramLabel = "VERSION",
      description = "Refuses if the words are not those of this version, as `preview` names it.")
  private @Nullable String templateVersion;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description = "How long to wait until everybody is identified (default: ${DEFAULT-VALUE}).")
  private long waitSeconds;

  @Option(names = "--note", paramLabel = "WORDS", description = "Why, or what was checked.")
  private @Nullable String note;

  @Override
  public Integer call() {
    if (canary != null && canary < 1) {
      throw CommandException.usage("--canary must be at least 1");
    }
    try (Cluster cluster = Cluster.connect(config());
        StatusReader reader = new StatusReader(cluster, incidentId)) {
      IncidentStatus status = awaitIdentified(reader);
      Incident incident = reader.page().requireAccepted();
      NoticeWords words = NoticeWords.compile(config(), incident);
      refuseSurprises(status, words);
      Answer answer =
          new Decisions(cluster, Clock.systemUTC())
              .approve(incident, words, status.affected(), canary, person, note);
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("incidentId", answer.getIncidentId());
      result.put("version", answer.getVersion());
      result.put("decision", "APPROVE");
      result.put("decisionId", answer.getDecisionId().orElse(""));
      result.put("accepted", answer.getAccepted());
      result.put("affected", status.affected());
      result.put("templateId", words.template().getTemplateId());
      result.put("templateVersion", words.template().getVersion());
      out().properties(result);
      out().say("Next: `tocsin incident status " + incidentId + " --watch`.");
      return ExitCodes.OK;
    }
  }

  private IncidentStatus awaitIdentified(StatusReader reader) {
    try (Progress progress = new Progress(err(), "Identifying", "holdings", 0)) {
      IncidentStatus status =
          reader.await(
              IncidentStatus::identified,
              seen -> progress.reach(seen.scanned()),
              Duration.ofSeconds(waitSeconds));
      if (!status.identified()) {
        throw CommandException.failed(
            "Not everybody is identified after "
                + waitSeconds
                + " s ("
                + status.shardsFinished()
                + " of "
                + status.shards()
                + " shards); are `tocsin identifier` and `tocsin dispatcher` running? "
                + String.join("; ", status.warnings()));
      }
      return status;
    }
  }

  private void refuseSurprises(IncidentStatus status, NoticeWords words) {
    if (expected != null && expected != status.affected()) {
      throw CommandException.refused(
          status.affected() + " people are affected, not " + expected + "; nothing was approved");
    }
    String version = words.template().getVersion();
    if (templateVersion != null && !templateVersion.equals(version)) {
      throw CommandException.refused(
          "The words are now version "
              + version
              + ", not "
              + templateVersion
              + "; nothing was approved");
    }
  }
}
