package io.tocsin.streams.identifier;

import io.tocsin.avro.AffectedEvent;
import io.tocsin.avro.DispatchControl;
import io.tocsin.avro.Evidence;
import io.tocsin.avro.IncidentShard;
import io.tocsin.streams.state.EvidenceTally;
import io.tocsin.streams.state.ScanState;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Wires {@link EvidenceShard} to its topics and stores. */
final class EvidenceProcessor
    implements ProcessorSupplier<String, SpecificRecord, String, SpecificRecord> {

  private final IdentifierSettings settings;
  private final ScanTicks ticks;

  EvidenceProcessor(IdentifierSettings settings, ScanTicks ticks) {
    this.settings = settings;
    this.ticks = ticks;
  }

  @Override
  public Processor<String, SpecificRecord, String, SpecificRecord> get() {
    return new Task();
  }

  private final class Task
      implements Processor<String, SpecificRecord, String, SpecificRecord>, EvidenceOutput {

    private @Nullable ProcessorContext<String, SpecificRecord> context;
    private @Nullable EvidenceShard shard;
    private ScanTicks.@Nullable Tick tick;

    @Override
    public void init(ProcessorContext<String, SpecificRecord> context) {
      this.context = context;
      KeyValueStore<Bytes, byte[]> lines = context.getStateStore(IdentifierTopology.EVIDENCE_STORE);
      KeyValueStore<String, IncidentShard> open =
          context.getStateStore(IdentifierTopology.EVIDENCE_INCIDENTS_STORE);
      KeyValueStore<String, ScanState> scans =
          context.getStateStore(IdentifierTopology.EVIDENCE_SCANS_STORE);
      EvidenceShard fresh =
          new EvidenceShard(context.taskId().partition(), lines, open, scans, this);
      shard = fresh;
      tick = ticks.on(fresh::isScanning, fresh::scan, fresh::tellTallies);
      context.schedule(
          settings.scanInterval(), PunctuationType.WALL_CLOCK_TIME, Objects.requireNonNull(tick));
    }

    @Override
    public void process(Record<String, SpecificRecord> record) {
      Objects.requireNonNull(tick).countInput();
      EvidenceShard open = Objects.requireNonNull(shard);
      switch (record.value()) {
        case Evidence line -> open.onLine(record.key(), line);
        case DispatchControl control when control.getBody() instanceof IncidentShard incident ->
            open.onIncident(incident);
        case null, default -> {
          // Decisions change nothing about who is affected.
        }
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
      forward(userId, event, IdentifierTopology.EVIDENCE_AFFECTED_SINK);
    }

    @Override
    public void tally(String incidentId, EvidenceTally tally) {
      forward(incidentId, tally, IdentifierTopology.EVIDENCE_TALLIES_SINK);
    }

    private void forward(String key, SpecificRecord value, String child) {
      ProcessorContext<String, SpecificRecord> to = Objects.requireNonNull(context);
      to.forward(new Record<>(key, value, to.currentSystemTimeMs()), child);
    }
  }
}
