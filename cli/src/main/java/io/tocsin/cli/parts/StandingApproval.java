package io.tocsin.cli.parts;

import io.tocsin.avro.Decision;
import io.tocsin.avro.DecisionKind;
import io.tocsin.avro.DispatchControl;
import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentShard;
import io.tocsin.avro.IncidentStatus;
import io.tocsin.avro.NoticeTemplate;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.cluster.Publisher;
import io.tocsin.cli.operate.NoticeWords;
import io.tocsin.notifier.text.TemplateException;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.part.Part;
import io.tocsin.schemas.serde.UnreadableRecordException;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.streams.intake.IntakeSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * With {@code approval.required=false}: approves every incident version that intake accepts, in the
 * words of {@code templates.dir}, as the decision of nobody but the configuration.
 *
 * <p>It covers what is accepted from its first start on; an incident that waited for a person
 * before goes on waiting. Its decisions' ids follow from incident and version, so that one made
 * twice, by two instances or after a crash, is one. An incident whose words cannot be made waits
 * for a person.
 */
final class StandingApproval implements Part {

  static final String NAME = "standing-approval";

  /** Who decides. */
  static final String PERSON = "approval.required=false";

  private static final Logger log = LoggerFactory.getLogger(StandingApproval.class);
  private static final String GROUP = "tocsin-standing-approval";
  private static final Duration POLL = Duration.ofMillis(500);

  /** Every partition has a copy of everything. */
  private static final TopicPartition SOURCE =
      new TopicPartition(Topics.DISPATCH_CONTROL.name(), 0);

  private final Cluster cluster;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread;
  private volatile boolean positioned;
  private volatile boolean closing;
  private volatile @Nullable RuntimeException failure;

  private StandingApproval(Cluster cluster) {
    this.cluster = cluster;
    this.consumer = cluster.consumer(GROUP);
    this.thread = Thread.ofPlatform().name(NAME).unstarted(this::run);
  }

  /** A part, and after it the standing approval if the configuration wants it. */
  static List<PartCommand.Starter> after(PartCommand.Starter intake, TocsinConfig config) {
    List<PartCommand.Starter> starters = new ArrayList<>(List.of(intake));
    if (!config.flag(IntakeSettings.APPROVAL_REQUIRED)) {
      starters.add((settings, metrics, http) -> start(settings));
    }
    return starters;
  }

  private static StandingApproval start(TocsinConfig config) {
    StandingApproval approval = new StandingApproval(Cluster.connect(config));
    approval.thread.start();
    return approval;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> unhealthy() {
    return Optional.ofNullable(failure)
        .map(e -> "The " + NAME + " has stopped: " + e.getClass().getSimpleName());
  }

  @Override
  public Optional<String> unready() {
    return positioned
        ? Optional.empty()
        : Optional.of("The " + NAME + " has not found its place yet");
  }

  @Override
  public void close() {
    closing = true;
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (cluster;
        consumer;
        Publisher<NoticeTemplate> templates = new Publisher<>(cluster, Topics.TEMPLATES);
        Publisher<Decision> decisions = new Publisher<>(cluster, Topics.DECISIONS)) {
      Deserializer<DispatchControl> values = cluster.serde(Topics.DISPATCH_CONTROL).deserializer();
      takePlace();
      while (!closing) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          IncidentShard accepted = accepted(values, record);
          if (accepted != null) {
            approve(accepted, templates, decisions);
          }
          remember(record.offset() + 1);
        }
      }
    } catch (WakeupException e) {
      log.atDebug().log("Stopped");
    } catch (RuntimeException e) {
      failure = e;
      log.atError().setCause(e).log("Incidents are not approved any more");
    }
  }

  private void takePlace() {
    consumer.assign(Set.of(SOURCE));
    OffsetAndMetadata kept = consumer.committed(Set.of(SOURCE)).get(SOURCE);
    if (kept == null) {
      long end = consumer.endOffsets(Set.of(SOURCE)).getOrDefault(SOURCE, 0L);
      consumer.seek(SOURCE, end);
      consumer.commitSync(Map.of(SOURCE, new OffsetAndMetadata(end)));
    }
    positioned = true;
  }

  /** What the record says was accepted; null for decisions, and for what is no more. */
  private static @Nullable IncidentShard accepted(
      Deserializer<DispatchControl> values, ConsumerRecord<byte[], byte[]> record) {
    try {
      DispatchControl control = values.deserialize(record.topic(), record.value());
      return control != null
              && control.getBody() instanceof IncidentShard shard
              && shard.getIncident().getStatus() != IncidentStatus.WITHDRAWN
          ? shard
          : null;
    } catch (UnreadableRecordException e) {
      // The dispatcher, which reads the same, sets it aside.
      return null;
    }
  }

  private void approve(
      IncidentShard accepted, Publisher<NoticeTemplate> templates, Publisher<Decision> decisions) {
    Incident incident = accepted.getIncident();
    NoticeWords words;
    try {
      words = NoticeWords.compile(cluster.config(), incident);
    } catch (TemplateException e) {
      log.atError()
          .addKeyValue("incidentId", incident.getIncidentId())
          .addKeyValue("version", incident.getVersion())
          .addKeyValue("reason", e.getMessage())
          .log("The notice cannot be put into words; the incident waits for a person's approval");
      return;
    }
    NoticeTemplate template = words.template();
    templates.send(words.key(), template);
    decisions.send(
        incident.getIncidentId(),
        Decision.newBuilder()
            .setDecisionId(id(incident))
            .setIncidentId(incident.getIncidentId())
            .setKind(DecisionKind.APPROVE)
            .setIncidentVersion(incident.getVersion())
            .setScopeHash(accepted.getScopeHash())
            .setTemplateId(template.getTemplateId())
            .setTemplateVersion(template.getVersion())
            .setPerson(PERSON)
            .setDecidedAt(accepted.getAcceptedAt())
            .build());
    templates.flush();
    decisions.flush();
    log.atInfo()
        .addKeyValue("incidentId", incident.getIncidentId())
        .addKeyValue("version", incident.getVersion())
        .log("Approved, as no person's approval is required");
  }

  private static String id(Incident incident) {
    return UUID.nameUUIDFromBytes(
            (NAME + '/' + incident.getIncidentId() + '/' + incident.getVersion())
                .getBytes(StandardCharsets.UTF_8))
        .toString();
  }

  private void remember(long next) {
    try {
      consumer.commitSync(Map.of(SOURCE, new OffsetAndMetadata(next)));
    } catch (RetriableException e) {
      log.atWarn()
          .addKeyValue("error", e.getClass().getSimpleName())
          .log("The place could not be kept; after a crash, decisions are made again, as the same");
    }
  }
}
