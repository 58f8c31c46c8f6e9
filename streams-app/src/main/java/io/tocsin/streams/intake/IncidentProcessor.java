package io.tocsin.streams.intake;

import io.tocsin.avro.Answer;
import io.tocsin.avro.DispatchControl;
import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentShard;
import io.tocsin.schemas.catalogue.Catalogue;
import io.tocsin.schemas.id.HoldingKey;
import io.tocsin.schemas.id.ScopeHash;
import io.tocsin.streams.intake.Verdict.Effect;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers published incidents. One that is accepted goes, in one transaction, to every shard of
 * holdings, to every partition of users, and as a barrier into every partition of holdings: whoever
 * reads the barrier has read every holding that was published before the incident was accepted.
 */
final class IncidentProcessor implements Processor<String, Incident, String, SpecificRecord> {

  private static final Logger log = LoggerFactory.getLogger(IncidentProcessor.class);

  private final IncidentValidator validator;
  private final int shards;
  private @Nullable ProcessorContext<String, SpecificRecord> context;
  private @Nullable KeyValueStore<String, IncidentShard> incidents;

  IncidentProcessor(Catalogue catalogue, int shards) {
    this.validator = new IncidentValidator(catalogue);
    this.shards = shards;
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> context) {
    this.context = context;
    this.incidents = context.getStateStore(IntakeTopology.INCIDENTS_STORE);
  }

  @Override
  public void process(Record<String, Incident> record) {
    Instant now = Instant.ofEpochMilli(Objects.requireNonNull(context).currentSystemTimeMs());
    Incident incident = record.value();
    if (incident == null) {
      answer(Answers.noIncident(record.key(), now), now);
      return;
    }
    KeyValueStore<String, IncidentShard> known = Objects.requireNonNull(incidents);
    Optional<IncidentShard> current = Optional.ofNullable(known.get(incident.getIncidentId()));
    Verdict verdict = validator.validate(record.key(), incident, current, now);
    String scopeHash = verdict.isAccepted() ? ScopeHash.of(incident) : null;
    Answer answer = Answers.incident(record.key(), incident, verdict, scopeHash, now);
    if (verdict.effect() == Effect.ACCEPTED) {
      IncidentShard shard =
          IncidentShard.newBuilder()
              .setIncident(incident)
              .setScopeHash(Objects.requireNonNull(scopeHash))
              .setShards(shards)
              .setAcceptedAt(now)
              .build();
      known.put(incident.getIncidentId(), shard);
      publish(shard, now);
    }
    answer(answer, now);
    log.atInfo()
        .addKeyValue("incidentId", answer.getIncidentId())
        .addKeyValue("version", answer.getVersion())
        .addKeyValue("effect", verdict.effect())
        .addKeyValue("reasons", verdict.reasons().size())
        .log("Incident answered");
  }

  private void publish(IncidentShard shard, Instant now) {
    Incident incident = shard.getIncident();
    String id = incident.getIncidentId();
    forward(id, shard, IntakeTopology.INCIDENT_SHARDS_SINK, now);
    forward(
        id,
        DispatchControl.newBuilder().setBody(shard).build(),
        IntakeTopology.DISPATCH_CONTROL_SINK,
        now);
    forward(HoldingKey.barrier(id, incident.getVersion()), null, IntakeTopology.BARRIERS_SINK, now);
  }

  /** The publisher waits for it, and scans for the incident: it goes out at once. */
  private void answer(Answer answer, Instant now) {
    forward(answer.getIncidentId(), answer, IntakeTopology.ANSWERS_SINK, now);
    Objects.requireNonNull(context).commit();
  }

  private void forward(String key, @Nullable SpecificRecord value, String child, Instant now) {
    Objects.requireNonNull(context).forward(new Record<>(key, value, now.toEpochMilli()), child);
  }
}
