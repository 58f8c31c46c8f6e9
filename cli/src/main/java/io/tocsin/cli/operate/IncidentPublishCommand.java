package io.tocsin.cli.operate;

import io.tocsin.avro.Answer;
import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.Progress;
import io.tocsin.cli.TocsinCommand;
import io.tocsin.cli.cluster.Cluster;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tocsin incident publish}. */
@Command(
    name = "publish",
    description = {
      "Publishes the incident in FILE and waits for intake's answer; exits with 3 and the reasons"
          + " if it is refused.",
      "Users listed under scope.users are published as evidence once the incident is accepted."
    })
final class IncidentPublishCommand extends TocsinCommand {

  @Parameters(paramLabel = "FILE", description = "JSON; see docs/operating.md.")
  private Path file = Path.of("");

  @Option(
      names = "--as",
      paramLabel = "PERSON",
      description = "Who reports it, instead of the file's reporter.")
  private @Nullable String person;

  @Override
  public Integer call() {
    IncidentFile.Publication publication = new IncidentFile(Clock.systemUTC(), person).read(file);
    try (Cluster cluster = Cluster.connect(config());
        Progress progress =
            new Progress(err(), "Publishing evidence", "lines", publication.evidence().size())) {
      Answer answer = new Intake(cluster).publish(publication, progress::advance);
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("incidentId", answer.getIncidentId());
      result.put("version", answer.getVersion());
      result.put("accepted", answer.getAccepted());
      result.put("scopeHash", answer.getScopeHash().orElse(""));
      result.put("evidence", publication.evidence().size());
      result.put("warnings", answer.getWarnings());
      out().properties(result);
      out().say("Next: `tocsin incident preview " + answer.getIncidentId() + "`.");
      return ExitCodes.OK;
    }
  }
}
