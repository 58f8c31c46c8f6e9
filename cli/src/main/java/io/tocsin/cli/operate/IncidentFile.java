package io.tocsin.cli.operate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tocsin.avro.DatasetScope;
import io.tocsin.avro.Evidence;
import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentKind;
import io.tocsin.avro.IncidentStatus;
import io.tocsin.avro.Narrative;
import io.tocsin.avro.Scope;
import io.tocsin.cli.CommandException;
import io.tocsin.schemas.id.HoldingKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of an incident, as people and scripts write it. Here only its form is checked;
 * whether it makes sense is for intake to say.
 */
public final class IncidentFile {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final Set<String> INCIDENT =
      Set.of(
          "incidentId",
          "version",
          "kind",
          "status",
          "reporter",
          "scope",
          "occurredFrom",
          "occurredUntil",
          "detectedAt",
          "awareAt",
          "confirmedAt",
          "encrypted",
          "keyTaken",
          "approximateCount",
          "narratives");
  private static final Set<String> SCOPE =
      Set.of("datasets", "exposedFrom", "exposedUntil", "exceptUsers", "users");
  private static final Set<String> DATASET = Set.of("dataset", "categories");
  private static final Set<String> SUBJECT = Set.of("userId", "dataset", "categories");
  private static final Set<String> NARRATIVE =
      Set.of("whatHappened", "consequences", "whatWeAreDoing", "whatYouCanDo");

  /**
   * An incident and the lines of evidence that belong to it.
   *
   * @param incident its scope counts the lines
   * @param evidence one for each user and dataset
   */
  public record Publication(Incident incident, List<Line> evidence) {}

  /** A line of evidence and the user it names. */
  public record Line(String userId, Evidence evidence) {}

  private final Clock clock;
  private final @Nullable String reporter;

  /**
   * Reads files.
   *
   * @param reporter who reports; if null, the file must say so
   */
  public IncidentFile(Clock clock, @Nullable String reporter) {
    this.clock = clock;
    this.reporter = reporter;
  }

  /**
   * Reads a file.
   *
   * @throws CommandException naming the path in the document and what is wrong there
   */
  public Publication read(Path file) {
    try {
      return parse(Files.readString(file, StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      throw CommandException.usage("There is no file " + file);
    } catch (IOException e) {
      throw CommandException.usage(
          "Cannot read the file " + file + " (" + e.getClass().getSimpleName() + ")");
    } catch (CommandException e) {
      throw new CommandException(e.exitCode(), file + ": " + e.sentence(), e);
    }
  }

  /**
   * Reads a document.
   *
   * @throws CommandException naming the path in the document and what is wrong there
   */
  public Publication parse(String json) {
    JsonReader document = JsonReader.of(tree(json), "", INCIDENT);
    String incidentId = document.text("incidentId");
    int version = document.integer("version");
    JsonReader scope = document.object("scope", SCOPE);
    List<Line> evidence = evidence(scope, incidentId, version);
    Incident incident =
        Incident.newBuilder()
            .setIncidentId(incidentId)
            .setVersion(version)
            .setKind(document.constant("kind", IncidentKind.class))
            .setStatus(
                document.has("status")
                    ? document.constant("status", IncidentStatus.class)
                    : IncidentStatus.ACTIVE)
            .setScope(scope(scope, evidence.size()))
            .setOccurredFrom(document.optionalTime("occurredFrom"))
            .setOccurredUntil(document.optionalTime("occurredUntil"))
            .setDetectedAt(document.optionalTime("detectedAt"))
            .setAwareAt(document.optionalTime("awareAt"))
            .setConfirmedAt(document.optionalTime("confirmedAt"))
            .setEncrypted(document.optionalFlag("encrypted"))
            .setKeyTaken(document.optionalFlag("keyTaken"))
            .setApproximateCount(document.optionalNumber("approximateCount"))
            .setReporter(reporter == null ? document.text("reporter") : reporter)
            .setNarratives(narratives(document.map("narratives")))
            .setReportedAt(clock.instant().truncatedTo(ChronoUnit.MILLIS))
            .build();
    return new Publication(incident, evidence);
  }

  private static JsonNode tree(String json) {
    try {
      JsonNode node = JSON.readTree(json);
      if (node.isMissingNode()) {
        throw CommandException.usage("the document is empty");
      }
      return node;
    } catch (JsonProcessingException e) {
      var where = e.getLocation();
      throw CommandException.usage(
          "not JSON at line "
              + where.getLineNr()
              + ", column "
              + where.getColumnNr()
              + ": "
              + e.getOriginalMessage());
    }
  }

  private static Scope scope(JsonReader scope, int evidenceCount) {
    return Scope.newBuilder()
        .setDatasets(
            scope.objects("datasets", DATASET).stream()
                .map(dataset ->
                    DatasetScope.newBuilder()
                        .setDataset(dataset.text("dataset"))
                        .setCategories(dataset.texts("categories"))
                        .build())
                .toList())
        .setExposedFrom(scope.optionalTime("exposedFrom"))
        .setExposedUntil(scope.optionalTime("exposedUntil"))
        .setEvidenceCount(evidenceCount)
        .setExceptUsers(scope.texts("exceptUsers"))
        .build();
  }

  /** Lines of one user and dataset are one: evidenceCount counts distinct ones. */
  private static List<Line> evidence(JsonReader scope, String incidentId, int version) {
    Map<HoldingKey, Set<String>> lines = new LinkedHashMap<>();
    for (JsonReader subject : scope.objects("users", SUBJECT)) {
      lines
          .computeIfAbsent(
              new HoldingKey(subject.text("dataset"), subject.text("userId")),
              key -> new TreeSet<>())
          .addAll(subject.texts("categories"));
    }
    return lines.entrySet().stream()
        .map(line ->
            new Line(
                line.getKey().userId(),
                Evidence.newBuilder()
                    .setIncidentId(incidentId)
                    .setVersion(version)
                    .setDataset(line.getKey().dataset())
                    .setCategories(List.copyOf(line.getValue()))
                    .build()))
        .toList();
  }

  private static Map<String, Narrative> narratives(JsonReader narratives) {
    Map<String, Narrative> read = new HashMap<>();
    for (String locale : narratives.names()) {
      JsonReader words = narratives.object(locale, NARRATIVE);
      read.put(
          locale,
          Narrative.newBuilder()
              .setWhatHappened(words.optionalText("whatHappened"))
              .setConsequences(words.optionalText("consequences"))
              .setWhatWeAreDoing(words.optionalText("whatWeAreDoing"))
              .setWhatYouCanDo(words.optionalText("whatYouCanDo"))
              .build());
    }
    return read;
  }
}
