package io.tocsin.streams.identifier;

import io.tocsin.avro.AffectedEvent;
import io.tocsin.avro.IdentificationProgress;
import io.tocsin.avro.IncidentShard;
import io.tocsin.schemas.deadletter.DeadLetterCode;
import io.tocsin.schemas.serde.UnreadableRecordException;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.streams.DeadLetterWriter;
import io.tocsin.streams.StreamsContext;
import io.tocsin.streams.state.ScanState;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Wires {@link HoldingsShard} to its topics and stores. */
final class HoldingsProcessor implements ProcessorSupplier<byte[], byte[], String, Object> {

  private final HoldingReader reader;
  private final Deserializer<IncidentShard> incidents;
  private final Serializer<AffectedEvent> events;
  private final DeadLetterWriter deadLetters;
  private final IdentifierSettings settings;
  private final ScanTicks ticks;

  HoldingsProcessor(StreamsContext context, IdentifierSettings settings, ScanTicks ticks) {
    this.reader =
        new HoldingReader(
            context.serde(Topics.HOLDINGS_TOPIC).deserializer(),
            Topics.HOLDINGS_TOPIC.name(),
            context.catalogue());
    this.incidents = context.serde(Topics.INCIDENT_SHARDS).deserializer();
    this.events = context.serde(Topics.AFFECTED).serializer();
    this.deadLetters = context.deadLetters();
    this.settings = settings;
    this.ticks = ticks;
  }

  @Override
  public Processor<byte[], byte[], String, Object> get() {
    return new Task();
  }

  private final class Task implements Processor<byte[], byte[], String, Object>, ShardOutput {

    private final AffectedEncoder affected = new AffectedEncoder(events, Topics.AFFECTED.name());
    private @Nullable ProcessorContext<String, Object> context;
    private @Nullable HoldingsShard shard;
    private @Nullable Record<byte[], byte[]> current;
    private ScanTicks.@Nullable Tick tick;

    @Override
    public void init(ProcessorContext<String, Object> context) {
      this.context = context;
      // A task that was rolled back is initialised again: nothing may be left of what it had in
      // memory.
      KeyValueStore<Bytes, byte[]> holdings =
          context.getStateStore(IdentifierTopology.HOLDINGS_STORE);
      KeyValueStore<String, IncidentShard> open =
          context.getStateStore(IdentifierTopology.HOLDING_INCIDENTS_STORE);
      KeyValueStore<String, ScanState> scans =
          context.getStateStore(IdentifierTopology.HOLDING_SCANS_STORE);
      HoldingsShard fresh =
          new HoldingsShard(context.taskId().partition(), holdings, open, scans, reader, this);
      shard = fresh;
      tick =
          ticks.on(
              fresh::isScanning,
              budget -> fresh.scan(budget, now()),
              () -> fresh.tellProgress(now()));
      context.schedule(
          settings.scanInterval(), PunctuationType.WALL_CLOCK_TIME, Objects.requireNonNull(tick));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      current = record;
      Objects.requireNonNull(tick).countInput();
      if (record.key() == null) {
        setAside(DeadLetterCode.INVALID, "The record has no key.");
      } else if (source().topic().equals(Topics.INCIDENT_SHARDS.name())) {
        onIncident(record);
      } else {
        Objects.requireNonNull(shard).onHolding(record.key(), record.value());
      }
    }

    @Override
    public void close() {
      if (tick != null) {
        tick.close();
      }
    }

    @Override
    public void affected(String userId, AffectedEvent event) {
      forward(userId, affected.encode(event), IdentifierTopology.HOLDINGS_AFFECTED_SINK);
    }

    @Override
    public void endMarker(String incidentId, AffectedEvent marker) {
      forward(incidentId, marker, IdentifierTopology.HOLDINGS_MARKERS_SINK);
    }

    @Override
    public void hurry() {
      context().commit();
    }

    @Override
    public void progress(IdentificationProgress progress) {
      forward(
          progress.getIncidentId() + '/' + progress.getShard(),
          progress,
          IdentifierTopology.HOLDINGS_PROGRESS_SINK);
    }

    @Override
    public void setAside(DeadLetterCode code, String reason) {
      Record<byte[], byte[]> record = Objects.requireNonNull(current);
      context()
          .forward(
              deadLetters.record(
                  source(),
                  context().currentSystemTimeMs(),
                  record.key(),
                  record.value(),
                  code,
                  reason),
              IdentifierTopology.HOLDINGS_DEAD_LETTERS_SINK);
    }

    private void onIncident(Record<byte[], byte[]> record) {
      IncidentShard incident;
      try {
        incident = incidents.deserialize(Topics.INCIDENT_SHARDS.name(), record.value());
      } catch (UnreadableRecordException e) {
        DeadLetterCode code = DeadLetterWriter.codeOf(e);
        setAside(code, Objects.requireNonNullElse(e.getMessage(), code.word()));
        return;
      }
      if (incident != null) {
        Objects.requireNonNull(shard).onIncident(incident, now());
      }
    }

    private void forward(String key, Object value, String child) {
      context().forward(new Record<>(key, value, context().currentSystemTimeMs()), child);
    }

    private RecordMetadata source() {
      return context().recordMetadata().orElseThrow();
    }

    private Instant now() {
      return Instant.ofEpochMilli(context().currentSystemTimeMs());
    }

    private ProcessorContext<String, Object> context() {
      return Objects.requireNonNull(context);
    }
  }
}
