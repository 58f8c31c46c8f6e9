package io.tocsin.streams.intake;

import io.tocsin.avro.DatasetScope;
import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentShard;
import io.tocsin.avro.IncidentStatus;
import io.tocsin.avro.Scope;
import io.tocsin.schemas.catalogue.Catalogue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says everything that is wrong with a published incident, one sentence each: what, where, and what
 * to do.
 */
public final class IncidentValidator {

  private final Catalogue catalogue;

  /** Validates against the operator's datasets and categories. */
  public IncidentValidator(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /**
   * Validates one version.
   *
   * @param key the record's key
   * @param current the latest accepted version of the same incident
   */
  public Verdict validate(
      @Nullable String key, Incident incident, Optional<IncidentShard> current, Instant now) {
    if (current.isPresent() && sameContent(incident, current.get().getIncident())) {
      return Verdict.repeated();
    }
    List<String> problems = new ArrayList<>();
    checkIdentity(key, incident, problems);
    checkVersion(incident, current, problems);
    checkScope(incident, now, problems);
    checkTimes(incident, problems);
    checkNarratives(incident, problems);
    if (incident.getReporter().isBlank()) {
      problems.add("reporter is blank; name the person or system that reports.");
    }
    if (incident.getApproximateCount().map(count -> count < 0).orElse(false)) {
      problems.add("approximateCount is negative; leave it out if it is not known.");
    }
    return Verdict.of(problems, warnings(incident, now));
  }

  private static void checkIdentity(
      @Nullable String key, Incident incident, List<String> problems) {
    if (!Ids.isIncidentId(incident.getIncidentId())) {
      problems.add(
          "incidentId is not of the right form; use letters, digits, '.', '_' and '-', at most"
              + " 100.");
    }
    if (!incident.getIncidentId().equals(key)) {
      problems.add("The record's key differs from incidentId; make them equal.");
    }
  }

  private static void checkVersion(
      Incident incident, Optional<IncidentShard> current, List<String> problems) {
    int version = incident.getVersion();
    if (version < 1) {
      problems.add("version is " + version + "; count versions from 1.");
      return;
    }
    if (current.isEmpty()) {
      return;
    }
    int latest = current.get().getIncident().getVersion();
    if (version < latest) {
      problems.add(
          "version is %d, but version %d is already accepted; publish version %d."
              .formatted(version, latest, latest + 1));
    } else if (version == latest) {
      problems.add(
          "version %d is already accepted with other content; publish the change as version %d."
              .formatted(version, latest + 1));
    }
  }

  private void checkScope(Incident incident, Instant now, List<String> problems) {
    Scope scope = incident.getScope();
    if (scope.getEvidenceCount() < 0) {
      problems.add("scope.evidenceCount is negative; give the number of lines of evidence, or 0.");
    }
    if (incident.getStatus() == IncidentStatus.ACTIVE
        && scope.getDatasets().isEmpty()
        && scope.getEvidenceCount() == 0) {
      problems.add(
          "scope is empty; name a dataset in scope.datasets, or publish evidence and count it in"
              + " scope.evidenceCount.");
    }
    checkDatasets(scope.getDatasets(), problems);
    if (scope.getExposedFrom().isPresent()
        && scope.getExposedUntil().isPresent()
        && !scope.getExposedFrom().get().isBefore(scope.getExposedUntil().get())) {
      problems.add(
          "scope.exposedFrom is not before scope.exposedUntil; correct one of them, or leave it out"
              + " if it is open.");
    }
    if (scope.getExposedFrom().map(from -> from.isAfter(now)).orElse(false)) {
      problems.add(
          "scope.exposedFrom is in the future; an exposure that has not begun touches nobody,"
              + " correct it or leave it out.");
    }
    for (int i = 0; i < scope.getExceptUsers().size(); i++) {
      if (scope.getExceptUsers().get(i).isBlank()) {
        problems.add("scope.exceptUsers[%d] is blank; give a user's id.".formatted(i));
      }
    }
  }

  private void checkDatasets(List<DatasetScope> datasets, List<String> problems) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < datasets.size(); i++) {
      DatasetScope dataset = datasets.get(i);
      String where = "scope.datasets[%d]".formatted(i);
      if (!catalogue.hasDataset(dataset.getDataset())) {
        problems.add(
            "%s.dataset%s is not in the catalogue; use one of %s, or add it there."
                .formatted(where, Ids.quoted(dataset.getDataset()), knownDatasets()));
      } else if (!seen.add(dataset.getDataset())) {
        problems.add(
            "%s.dataset \"%s\" is listed twice; unite the entries."
                .formatted(where, dataset.getDataset()));
      }
      for (int j = 0; j < dataset.getCategories().size(); j++) {
        String category = dataset.getCategories().get(j);
        if (!catalogue.hasCategory(category)) {
          problems.add(
              "%s.categories[%d]%s is not in the catalogue; correct it or add it there."
                  .formatted(where, j, Ids.quoted(category)));
        }
      }
    }
  }

  private static void checkTimes(Incident incident, List<String> problems) {
    if (incident.getOccurredFrom().isPresent()
        && incident.getOccurredUntil().isPresent()
        && incident.getOccurredFrom().get().isAfter(incident.getOccurredUntil().get())) {
      problems.add("occurredFrom is after occurredUntil; correct one of them.");
    }
  }

  private static void checkNarratives(Incident incident, List<String> problems) {
    incident.getNarratives().keySet().stream()
        .sorted()
        .filter(tag -> !isLanguageTag(tag))
        .forEach(tag ->
            problems.add(
                "narratives: the language tag%s is not one of BCP 47; use such as \"kk\" or"
                        .formatted(Ids.quoted(tag))
                    + " \"en-GB\"."));
  }

  private static List<String> warnings(Incident incident, Instant now) {
    List<String> warnings = new ArrayList<>();
    if (incident.getDetectedAt().map(at -> at.isAfter(now)).orElse(false)) {
      warnings.add("detectedAt is in the future; legal time limits are counted from it.");
    }
    if (incident.getAwareAt().map(at -> at.isAfter(now)).orElse(false)) {
      warnings.add("awareAt is in the future; legal time limits are counted from it.");
    }
    if (incident.getStatus() == IncidentStatus.WITHDRAWN
        && (!incident.getScope().getDatasets().isEmpty()
            || incident.getScope().getEvidenceCount() > 0)) {
      warnings.add("status is WITHDRAWN, so the scope is not used: nobody is affected any more.");
    }
    return warnings;
  }

  /** When a version is published again, its reportedAt is another one: that changes nothing. */
  private static boolean sameContent(Incident one, Incident other) {
    return Incident.newBuilder(one)
        .setReportedAt(Instant.EPOCH)
        .build()
        .equals(Incident.newBuilder(other).setReportedAt(Instant.EPOCH).build());
  }

  private static boolean isLanguageTag(String tag) {
    try {
      return !new Locale.Builder().setLanguageTag(tag).build().getLanguage().isEmpty();
    } catch (IllformedLocaleException e) {
      return false;
    }
  }

  private String knownDatasets() {
    return catalogue.datasets().stream()
        .map(Catalogue.Dataset::id)
        .collect(Collectors.joining(", "));
  }
}
