package io.tocsin.cli.operate;

import io.tocsin.avro.Answer;
import io.tocsin.avro.DecisionKind;
import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.TocsinCommand;
import io.tocsin.cli.cluster.Cluster;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Decisions that need nothing but a person: hold, resume, cancel, release-partial. */
abstract sealed class IncidentDecisionCommand extends TocsinCommand {

  @Parameters(paramLabel = "INCIDENT", description = "Id of the incident.")
  private String incidentId = "";

  @Option(names = "--as", paramLabel = "PERSON", required = true, description = "Who decides.")
  private String person = "";

  @Option(names = "--note", paramLabel = "WORDS", description = "Why.")
  private @Nullable String note;

  /** What is decided; asked only when it is, for the type's schema is slow to load. */
  abstract DecisionKind kind();

  @Override
  public Integer call() {
    try (Cluster cluster = Cluster.connect(config())) {
      Answer answer =
          new Decisions(cluster, Clock.systemUTC())
              .decide(
                  Ledger.read(cluster).require(incidentId).requireAccepted(), kind(), person, note);
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("incidentId", answer.getIncidentId());
      result.put("version", answer.getVersion());
      result.put("decision", kind().name());
      result.put("decisionId", answer.getDecisionId().orElse(""));
      result.put("accepted", answer.getAccepted());
      out().properties(result);
      return ExitCodes.OK;
    }
  }

  /** {@code tocsin incident hold}. */
  @Command(
      name = "hold",
      description = "Stops what has not started; nothing is lost, and `resume` goes on.")
  static final class Hold extends IncidentDecisionCommand {
    @Override
    DecisionKind kind() {
      return DecisionKind.HOLD;
    }
  }

  /** {@code tocsin incident resume}. */
  @Command(name = "resume", description = "Goes on after a hold or a canary.")
  static final class Resume extends IncidentDecisionCommand {
    @Override
    DecisionKind kind() {
      return DecisionKind.RESUME;
    }
  }

  /** {@code tocsin incident cancel}. */
  @Command(name = "cancel", description = "Stops for good what has not started.")
  static final class Cancel extends IncidentDecisionCommand {
    @Override
    DecisionKind kind() {
      return DecisionKind.CANCEL;
    }
  }

  /** {@code tocsin incident release-partial}. */
  @Command(
      name = "release-partial",
      description = {
        "Goes on without the shards that stay silent: the people they would have named are told"
            + " once they are known.",
        "Only for an emergency; who released and why stays on record."
      })
  static final class ReleasePartial extends IncidentDecisionCommand {
    @Override
    DecisionKind kind() {
      return DecisionKind.RELEASE_PARTIAL;
    }
  }
}
