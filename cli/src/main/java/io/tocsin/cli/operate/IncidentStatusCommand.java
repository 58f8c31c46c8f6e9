package io.tocsin.cli.operate;

import io.tocsin.avro.Channel;
import io.tocsin.cli.CommandException;
import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.Output;
import io.tocsin.cli.TocsinCommand;
import io.tocsin.cli.cluster.Cluster;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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

  @Option(
      names = "--unreachable",
      paramLabel = "CHANNEL",
      description = "Instead, lists the people whom email or sms cannot reach, and why.")
  private @Nullable String unreachable;

  private String shown = "";

  @Override
  public Integer call() {
    if (unreachable != null) {
      Channel channel = channel(unreachable);
      try (Cluster cluster = Cluster.connect(config())) {
        UnreachablePeople.print(cluster, incidentId, channel, out(), err());
      }
      return ExitCodes.OK;
    }
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

  private static Channel channel(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "email" -> Channel.EMAIL;
      case "sms" -> Channel.SMS;
      default -> throw CommandException.usage("--unreachable takes email or sms");
    };
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
