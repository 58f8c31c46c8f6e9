package io.tocsin.streams;

import io.micrometer.core.instrument.MeterRegistry;
import io.tocsin.avro.DeadLetter;
import io.tocsin.schemas.deadletter.DeadLetterCode;
import io.tocsin.schemas.deadletter.DeadLetters;
import io.tocsin.schemas.serde.IncompatibleSchemaException;
import io.tocsin.schemas.serde.NotAvroException;
import io.tocsin.schemas.serde.UnknownSchemaException;
import io.tocsin.schemas.serde.UnreadableRecordException;
import io.tocsin.schemas.topic.Topics;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Sets records aside and counts them as {@code tocsin.dead.letters} by topic and code. The count
 * includes transactions that were aborted later; the topic does not. Thread-safe.
 */
public final class DeadLetterWriter {

  /** Name of the counter. */
  public static final String COUNTER = "tocsin.dead.letters";

  private final DeadLetters letters;
  private final Serializer<DeadLetter> serializer;
  private final MeterRegistry meters;

  /** Writes dead letters of one part. */
  public DeadLetterWriter(
      DeadLetters letters, Serializer<DeadLetter> serializer, MeterRegistry meters) {
    this.letters = letters;
    this.serializer = serializer;
    this.meters = meters;
  }

  /** A dead letter for a sink node on {@link Topics#DEAD_LETTERS}. */
  public Record<String, DeadLetter> record(
      RecordMetadata source,
      long timestamp,
      byte @Nullable [] key,
      byte @Nullable [] value,
      DeadLetterCode code,
      String reason) {
    count(source.topic(), code);
    return new Record<>(
        DeadLetters.key(key),
        letters.of(source.topic(), source.partition(), source.offset(), key, value, code, reason),
        timestamp);
  }

  /** A dead letter in bytes, for Kafka Streams' own error handlers (KIP-1034). */
  ProducerRecord<byte[], byte[]> bytes(
      String topic,
      int partition,
      long offset,
      byte @Nullable [] key,
      byte @Nullable [] value,
      DeadLetterCode code,
      String reason) {
    count(topic, code);
    String target = Topics.DEAD_LETTERS.name();
    return new ProducerRecord<>(
        target,
        Topics.DEAD_LETTERS.keySerde().serializer().serialize(target, DeadLetters.key(key)),
        serializer.serialize(
            target, letters.of(topic, partition, offset, key, value, code, reason)));
  }

  /** The code for bytes that could not be read. */
  public static DeadLetterCode codeOf(UnreadableRecordException e) {
    return switch (e) {
      case NotAvroException notAvro -> DeadLetterCode.NOT_AVRO;
      case UnknownSchemaException unknown -> DeadLetterCode.UNKNOWN_SCHEMA;
      case IncompatibleSchemaException incompatible -> DeadLetterCode.WRONG_SCHEMA;
    };
  }

  private void count(String topic, DeadLetterCode code) {
    meters.counter(COUNTER, "topic", topic, "code", code.word()).increment();
  }
}
