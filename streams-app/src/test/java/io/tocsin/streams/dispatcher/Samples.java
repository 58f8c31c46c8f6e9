package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Affected;
import io.tocsin.avro.AffectedEvent;
import io.tocsin.avro.Channel;
import io.tocsin.avro.DatasetScope;
import io.tocsin.avro.Decision;
import io.tocsin.avro.DecisionKind;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.avro.DispatchControl;
import io.tocsin.avro.EndMarker;
import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentKind;
import io.tocsin.avro.IncidentShard;
import io.tocsin.avro.IncidentStatus;
import io.tocsin.avro.Scope;
import io.tocsin.avro.SealedContact;
import io.tocsin.avro.SendCommand;
import io.tocsin.avro.User;
import io.tocsin.avro.UserStatus;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.id.NoticeIds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;

/** Records as other parts write them. */
public final class Samples {

  static final String INCIDENT = "INC-1";
  public static final String DATASET = "registration";
  public static final long START = Instant.parse("2026-06-01T00:00:00Z").toEpochMilli();

  private Samples() {}

  static DispatcherSettings settings(Map<String, String> options) {
    return DispatcherSettings.from(
        TocsinConfig.load(
            DispatcherSettings.define(CommonKeys.define(new ConfigDef())),
            null,
            Map.of(),
            options));
  }

  static SealedContact contact(Channel channel, String name) {
    return new SealedContact(
        channel, bytes("key"), bytes("sealed " + name), bytes(channel + " " + name));
  }

  public static User user(String locale, SealedContact... contacts) {
    return User.newBuilder().setLocale(locale).setContacts(List.of(contacts)).build();
  }

  /** A user with both channels. */
  public static User both(String name) {
    return user("en", contact(Channel.EMAIL, name), contact(Channel.SMS, name));
  }

  public static User erased() {
    return User.newBuilder().setLocale("en").setStatus(UserStatus.ERASED).build();
  }

  public static AffectedEvent affected(
      String incidentId, int version, String dataset, String... what) {
    return new AffectedEvent(incidentId, version, "0", new Affected(dataset, Arrays.asList(what)));
  }

  public static AffectedEvent marker(String incidentId, int version, String shard) {
    return new AffectedEvent(incidentId, version, shard, new EndMarker(0L));
  }

  public static DispatchControl accepted(
      String incidentId, int version, int shards, boolean datasets, int evidence) {
    return accepted(incidentId, version, shards, datasets, evidence, IncidentStatus.ACTIVE);
  }

  public static DispatchControl accepted(
      String incidentId,
      int version,
      int shards,
      boolean datasets,
      int evidence,
      IncidentStatus status) {
    return new DispatchControl(
        IncidentShard.newBuilder()
            .setIncident(
                Incident.newBuilder()
                    .setIncidentId(incidentId)
                    .setVersion(version)
                    .setKind(IncidentKind.DISCLOSURE)
                    .setStatus(status)
                    .setScope(
                        Scope.newBuilder()
                            .setDatasets(
                                datasets
                                    ? List.of(new DatasetScope(DATASET, List.of()))
                                    : List.of())
                            .setEvidenceCount(evidence)
                            .build())
                    .setReporter("scanner")
                    .setReportedAt(Instant.ofEpochMilli(START))
                    .build())
            .setScopeHash(hash(incidentId, version))
            .setShards(shards)
            .setAcceptedAt(Instant.ofEpochMilli(START))
            .build());
  }

  static String hash(String incidentId, int version) {
    return incidentId + "#" + version;
  }

  public static Decision.Builder decision(String incidentId, int version, DecisionKind kind) {
    return Decision.newBuilder()
        .setDecisionId(incidentId + "/" + version + "/" + kind + "/" + System.nanoTime())
        .setIncidentId(incidentId)
        .setKind(kind)
        .setIncidentVersion(version)
        .setPerson("officer")
        .setDecidedAt(Instant.ofEpochMilli(START));
  }

  public static DispatchControl decided(String incidentId, int version, DecisionKind kind) {
    return new DispatchControl(decision(incidentId, version, kind).build());
  }

  public static Decision.Builder approval(String incidentId, int version) {
    return decision(incidentId, version, DecisionKind.APPROVE)
        .setScopeHash(hash(incidentId, version))
        .setTemplateId("breach")
        .setTemplateVersion("t" + version)
        .setExpectedCount(1L);
  }

  public static DispatchControl approved(String incidentId, int version) {
    return new DispatchControl(approval(incidentId, version).build());
  }

  public static DispatchControl canary(String incidentId, int version, long people) {
    return new DispatchControl(approval(incidentId, version).setCanary(people).build());
  }

  /** The outcome of a command. */
  static DeliveryEvent outcome(SendCommand command, DeliveryEventKind kind, long at) {
    return event(kind, command.getDeliveryId(), command.getAttempt(), command.getIssue(), at)
        .setIncidentId(command.getIncidentId())
        .build();
  }

  /** A receipt, which names nothing but the delivery and the attempt. */
  static DeliveryEvent receipt(SendCommand command, DeliveryEventKind kind, long at) {
    return event(kind, command.getDeliveryId(), command.getAttempt(), -1, at).build();
  }

  static DeliveryEvent.Builder event(
      DeliveryEventKind kind, String deliveryId, int attempt, int issue, long at) {
    return DeliveryEvent.newBuilder()
        .setKind(kind)
        .setDeliveryId(deliveryId)
        .setIncidentId("")
        .setChannel(NoticeIds.channelOf(deliveryId))
        .setAttempt(attempt)
        .setIssue(issue)
        .setProvider("stand-in")
        .setAt(Instant.ofEpochMilli(at));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
