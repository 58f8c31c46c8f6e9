package io.tocsin.cli.operate;

import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.Output;
import io.tocsin.cli.TocsinCommand;
import io.tocsin.cli.cluster.Cluster;
import java.time.Duration;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tocsin incident status}. */
@Command(
    name = "status",
    description = {
      "Shows how an incident stands: who is affected, what became of their notices, and the gap"
          + " between the two.",
      "The gap counts affected people not every delivery of whose notice is explained; it ends at"
          + " 0."
    })
final class IncidentStatusCommand extends TocsinCommand {

  private static final Duration EVER = Duration.ofDays(365);
  private static final Set<IncidentStatus.State> ENDS =
      Set.of(
          IncidentStatus.State.COMPLETE,
          IncidentStatus.State.CANCELLED,
          IncidentStatus.State.WITHDRAWN);

  @Parameters(paramLabel = "INCIDENT", description = "Id of the incident.")
  private String incidentId = "";

  @Option(
      names = "--watch",
      description = "Shows every change until the incident is complete, cancelled or withdrawn.")
  private boolean watch;

  private String shown = "";

  @Override
  public Integer call() {
    try (Cluster cluster = Cluster.connect(config());
        StatusReader reader = new StatusReader(cluster, incidentId)) {
      IncidentStatus last =
          watch
              ? reader.await(status -> ENDS.contains(status.state()), this::show, EVER)
              : reader.read();
      if (!watch || out().format() == Output.Format.TABLE) {
        out().properties(last.properties());
      }
      return ExitCodes.OK;
    }
  }

  private void show(IncidentStatus status) {
    String line = status.line();
    if (line.equals(shown)) {
      return;
    }
    shown = line;
    if (out().format() == Output.Format.JSON) {
      out().properties(status.properties());
    } else {
      out().say(line);
    }
  }
}
