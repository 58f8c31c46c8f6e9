package io.tocsin.cli.sample;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the plain scan needs of an incident file: read here on its own, so that a fault in the
 * reading of {@code incident publish} cannot hide itself.
 *
 * @param incidentId the incident
 * @param withdrawn whether nobody is affected any more
 * @param scope whom it touched
 */
public record SampleIncident(String incidentId, boolean withdrawn, Scope scope) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads the JSON of an incident file. */
  public static SampleIncident parse(String json) {
    try {
      File file = JSON.readValue(json, File.class);
      return new SampleIncident(file.incidentId, "withdrawn".equals(file.status), file.scope);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not an incident file: " + e.getOriginalMessage(), e);
    }
  }

  /** A window of time, half-open; null is no bound. */
  public record Window(@Nullable Instant from, @Nullable Instant until) {

    /** Whether the data was in the dataset at any instant of the window. */
    boolean meets(SampleInterval held) {
      boolean goneBefore = held.until() != null && from != null && !held.until().isAfter(from);
      boolean cameAfter = until != null && !held.from().isBefore(until);
      return !goneBefore && !cameAfter;
    }
  }

  /** The scope as it stands in the file. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Scope(
      List<Dataset> datasets,
      @Nullable String exposedFrom,
      @Nullable String exposedUntil,
      Set<String> exceptUsers,
      List<Subject> users) {

    public Scope {
      datasets = List.copyOf(Objects.requireNonNullElse(datasets, List.of()));
      exceptUsers = Set.copyOf(Objects.requireNonNullElse(exceptUsers, Set.of()));
      users = List.copyOf(Objects.requireNonNullElse(users, List.of()));
    }

    /** When the data was exposed. */
    public Window window() {
      return new Window(instant(exposedFrom), instant(exposedUntil));
    }

    private static @Nullable Instant instant(@Nullable String text) {
      return text == null ? null : Instant.parse(text);
    }
  }

  /** A dataset, and which of its categories; none means all. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Dataset(String dataset, List<String> categories) {
    public Dataset {
      categories = List.copyOf(Objects.requireNonNullElse(categories, List.of()));
    }
  }

  /** A person named by the publisher. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Subject(String userId, String dataset, List<String> categories) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record File(String incidentId, @Nullable String status, Scope scope) {}
}
