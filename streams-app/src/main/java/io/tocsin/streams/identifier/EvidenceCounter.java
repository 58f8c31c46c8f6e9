package io.tocsin.streams.identifier;

import io.tocsin.avro.AffectedEvent;
import io.tocsin.avro.IdentificationProgress;
import io.tocsin.streams.state.EvidenceCount;
import io.tocsin.streams.state.EvidenceTally;
import java.time.Instant;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Wires {@link EvidenceCounts} to its topics and store. */
final class EvidenceCounter
    implements Processor<String, SpecificRecord, String, SpecificRecord>, EvidenceCounts.Output {

  private @Nullable ProcessorContext<String, SpecificRecord> context;
  private @Nullable EvidenceCounts counts;

  @Override
  public void init(ProcessorContext<String, SpecificRecord> context) {
    this.context = context;
    KeyValueStore<String, EvidenceCount> store =
        context.getStateStore(IdentifierTopology.EVIDENCE_COUNTS_STORE);
    counts = new EvidenceCounts(store, this);
  }

  @Override
  public void process(Record<String, SpecificRecord> record) {
    Objects.requireNonNull(counts)
        .onTally(
            record.key(),
            (EvidenceTally) record.value(),
            Instant.ofEpochMilli(Objects.requireNonNull(context).currentSystemTimeMs()));
  }

  @Override
  public void endMarker(String incidentId, AffectedEvent marker) {
    forward(incidentId, marker, IdentifierTopology.EVIDENCE_MARKERS_SINK);
  }

  @Override
  public void progress(IdentificationProgress progress) {
    forward(
        progress.getIncidentId() + '/' + progress.getShard(),
        progress,
        IdentifierTopology.EVIDENCE_PROGRESS_SINK);
  }

  private void forward(String key, SpecificRecord value, String child) {
    ProcessorContext<String, SpecificRecord> to = Objects.requireNonNull(context);
    to.forward(new Record<>(key, value, to.currentSystemTimeMs()), child);
  }
}
