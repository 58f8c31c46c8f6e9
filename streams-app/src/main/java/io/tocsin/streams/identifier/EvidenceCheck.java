package io.tocsin.streams.identifier;

import io.tocsin.avro.Evidence;
import io.tocsin.schemas.deadletter.DeadLetterCode;
import io.tocsin.schemas.serde.UnreadableRecordException;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.streams.DeadLetterWriter;
import io.tocsin.streams.StreamsContext;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Reads evidence as it comes, passes what makes sense to the user's own partition, and sets the
 * rest aside.
 */
final class EvidenceCheck implements ProcessorSupplier<byte[], byte[], String, SpecificRecord> {

  private final EvidenceReader reader;
  private final Deserializer<Evidence> deserializer;
  private final DeadLetterWriter deadLetters;

  EvidenceCheck(StreamsContext context) {
    this.reader = new EvidenceReader(context.catalogue());
    this.deserializer = context.serde(Topics.INCIDENT_SUBJECTS).deserializer();
    this.deadLetters = context.deadLetters();
  }

  @Override
  public Processor<byte[], byte[], String, SpecificRecord> get() {
    return new Task();
  }

  private final class Task extends ContextualProcessor<byte[], byte[], String, SpecificRecord> {

    @Override
    public void process(Record<byte[], byte[]> record) {
      Optional<String> userId = reader.userId(record.key());
      if (userId.isEmpty()) {
        setAside(record, DeadLetterCode.INVALID, "The key is not a user's id in UTF-8.");
        return;
      }
      Evidence line;
      try {
        line = deserializer.deserialize(Topics.INCIDENT_SUBJECTS.name(), record.value());
      } catch (UnreadableRecordException e) {
        DeadLetterCode code = DeadLetterWriter.codeOf(e);
        setAside(record, code, Objects.requireNonNullElse(e.getMessage(), code.word()));
        return;
      }
      if (line == null) {
        setAside(record, DeadLetterCode.INVALID, "The record has no value; evidence stays.");
        return;
      }
      Optional<String> problem = reader.problem(line);
      if (problem.isPresent()) {
        setAside(record, DeadLetterCode.INVALID, problem.get());
        return;
      }
      context()
          .forward(
              new Record<>(userId.get(), line, record.timestamp()),
              IdentifierTopology.EVIDENCE_BY_USER_SINK);
    }

    private void setAside(Record<byte[], byte[]> record, DeadLetterCode code, String reason) {
      context()
          .forward(
              deadLetters.record(
                  context().recordMetadata().orElseThrow(),
                  context().currentSystemTimeMs(),
                  record.key(),
                  record.value(),
                  code,
                  reason),
              IdentifierTopology.EVIDENCE_DEAD_LETTERS_SINK);
    }
  }
}
