package io.tocsin.streams;

import io.tocsin.avro.DatasetScope;
import io.tocsin.avro.Decision;
import io.tocsin.avro.DecisionKind;
import io.tocsin.avro.Evidence;
import io.tocsin.avro.Holding;
import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentKind;
import io.tocsin.avro.IncidentShard;
import io.tocsin.avro.IncidentStatus;
import io.tocsin.avro.Interval;
import io.tocsin.avro.NoticeTemplate;
import io.tocsin.avro.Scope;
import io.tocsin.schemas.id.ScopeHash;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records for tests, valid unless changed. */
public final class Samples {

  /** When everything in the tests happens. */
  public static final Instant NOW = Instant.parse("2026-04-01T12:00:00Z");

  private Samples() {}

  /** A day of March 2026. */
  public static Instant march(int day) {
    return Instant.parse("2026-03-01T00:00:00Z").plusSeconds((day - 1) * 86_400L);
  }

  /** Held from a day of March on. */
  public static Interval since(int day, String... categories) {
    return Interval.newBuilder().setFrom(march(day)).setCategories(List.of(categories)).build();
  }

  /** Held between two days of March. */
  public static Interval between(int from, int until, String... categories) {
    return Interval.newBuilder()
        .setFrom(march(from))
        .setUntil(march(until))
        .setCategories(List.of(categories))
        .build();
  }

  /** What is held of a user. */
  public static Holding holding(Interval... intervals) {
    return new Holding(List.of(intervals));
  }

  /** A whole dataset, or categories of it. */
  public static DatasetScope dataset(String id, String... categories) {
    return new DatasetScope(id, List.of(categories));
  }

  /** Datasets with an open window. */
  public static Scope scope(DatasetScope... datasets) {
    return scope(null, null, datasets);
  }

  /** Datasets with a window. */
  public static Scope scope(
      @Nullable Instant from, @Nullable Instant until, DatasetScope... datasets) {
    return Scope.newBuilder()
        .setDatasets(Arrays.asList(datasets))
        .setExposedFrom(from)
        .setExposedUntil(until)
        .build();
  }

  /** A version of an incident. */
  public static Incident incident(String id, int version, Scope scope) {
    return Incident.newBuilder()
        .setIncidentId(id)
        .setVersion(version)
        .setKind(IncidentKind.DISCLOSURE)
        .setScope(scope)
        .setReporter("security@soc")
        .setReportedAt(NOW)
        .build();
  }

  /** A version that takes an incident back. */
  public static Incident withdrawn(String id, int version) {
    return Incident.newBuilder(incident(id, version, scope()))
        .setStatus(IncidentStatus.WITHDRAWN)
        .build();
  }

  /** An accepted version. */
  public static IncidentShard accepted(Incident incident, int shards) {
    return new IncidentShard(incident, ScopeHash.of(incident), shards, NOW);
  }

  /** A line of evidence. */
  public static Evidence evidence(
      String incidentId, int version, String dataset, String... categories) {
    return new Evidence(incidentId, version, dataset, List.of(categories));
  }

  /** An approval of an incident, by somebody else than its reporter. */
  public static Decision approval(String decisionId, Incident incident) {
    return Decision.newBuilder()
        .setDecisionId(decisionId)
        .setIncidentId(incident.getIncidentId())
        .setKind(DecisionKind.APPROVE)
        .setIncidentVersion(incident.getVersion())
        .setScopeHash(ScopeHash.of(incident))
        .setTemplateId("breach")
        .setTemplateVersion("t1")
        .setExpectedCount(10L)
        .setPerson("dpo")
        .setDecidedAt(NOW)
        .build();
  }

  /** Another decision about an incident. */
  public static Decision decision(String decisionId, DecisionKind kind, Incident incident) {
    return Decision.newBuilder()
        .setDecisionId(decisionId)
        .setIncidentId(incident.getIncidentId())
        .setKind(kind)
        .setIncidentVersion(incident.getVersion())
        .setPerson("dpo")
        .setNote("asked by the regulator")
        .setDecidedAt(NOW)
        .build();
  }

  /** The template that {@link #approval} names. */
  public static NoticeTemplate template(Incident incident) {
    return NoticeTemplate.newBuilder()
        .setTemplateId("breach")
        .setVersion("t1")
        .setIncidentId(incident.getIncidentId())
        .setIncidentVersion(incident.getVersion())
        .setDefaultLocale("en")
        .setLayout("layout")
        .setGsm7Segments(2)
        .setUcs2Segments(3)
        .setCategoryIds(List.of())
        .setLocales(Map.of())
        .build();
  }
}
