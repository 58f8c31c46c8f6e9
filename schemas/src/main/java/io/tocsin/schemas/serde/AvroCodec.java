package io.tocsin.schemas.serde;

import io.tocsin.schemas.serde.Registry.SchemaId;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/**
 * One generated type to and from the Confluent wire format: a zero byte, the schema's id in four
 * bytes (big-endian), the record in Avro's binary encoding.
 *
 * <p>Thread-safe, and without a lock once a schema is known: readers and writers are kept by schema
 * id and subject, buffers by thread.
 *
 * @param <T> the generated type
 */
public final class AvroCodec<T extends SpecificRecord> {

  static final byte MAGIC = 0;
  static final int HEADER_BYTES = 5;

  private static final ThreadLocal<Buffers> BUFFERS = ThreadLocal.withInitial(Buffers::new);

  private final Registry registry;
  private final SpecificData model;
  private final Schema generated;
  private final Schema published;
  private final Map<Integer, DatumReader<T>> readers = new ConcurrentHashMap<>();
  private final Map<String, Writing<T>> writers = new ConcurrentHashMap<>();

  AvroCodec(Class<T> type, Registry registry) {
    this.registry = registry;
    this.model = SpecificData.getForClass(type);
    this.generated = model.getSchema(type);
    this.published = PublishedSchema.of(generated);
  }

  /** The type's schema, as it is registered. */
  public Schema schema() {
    return published;
  }

  /**
   * Writes a record as it belongs into {@code topic}.
   *
   * @throws UnwritableRecordException when the record does not fit its schema
   * @throws RegistryException when the schema's id cannot be learnt
   */
  public byte[] encode(String topic, T record) {
    Writing<T> writing = writers.get(topic);
    if (writing == null) {
      writing = writing(topic);
      writers.put(topic, writing);
    }
    Buffers buffers = BUFFERS.get();
    try {
      return buffers.write(writing.id(), writing.writer(), record);
    } catch (IOException | RuntimeException e) {
      buffers.forget();
      throw new UnwritableRecordException(
          "A %s for %s does not fit its schema (%s). A required field is unset or of another type."
              .formatted(generated.getFullName(), topic, e.getClass().getSimpleName()));
    }
  }

  /**
   * Reads what {@code topic} holds, whatever version of the schema it was written with.
   *
   * @throws UnreadableRecordException when the bytes are at fault
   * @throws RegistryException when the writer's schema cannot be learnt
   */
  public T decode(String topic, byte[] bytes) {
    if (bytes.length < HEADER_BYTES || bytes[0] != MAGIC) {
      throw new NotAvroException(
          ("A record of %d bytes in %s is not in the Confluent wire format (%s). Its producer must"
                  + " write Avro with a schema registry serializer.")
              .formatted(
                  bytes.length,
                  topic,
                  bytes.length < HEADER_BYTES ? "too short" : "no magic byte"));
    }
    int id = ByteBuffer.wrap(bytes).getInt(1);
    DatumReader<T> reader = readers.get(id);
    if (reader == null) {
      reader = reader(id, topic);
      readers.put(id, reader);
    }
    try {
      ArrayDecoder decoder = BUFFERS.get().decoder(bytes);
      T record = reader.read(null, decoder);
      if (!decoder.isEnd()) {
        throw malformed(topic, id, bytes.length, "it goes on after its end");
      }
      return record;
    } catch (EOFException e) {
      throw malformed(topic, id, bytes.length, "it is cut off");
    } catch (UnreadableRecordException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw malformed(topic, id, bytes.length, e.getClass().getSimpleName());
    }
  }

  private DatumReader<T> reader(int id, String topic) {
    Schema written = registry.schema(id, topic);
    Optional<String> problem = SchemaMatch.problem(generated, written);
    if (problem.isPresent()) {
      throw new IncompatibleSchemaException(
          ("A record in %s was written as %s (schema id %d), which cannot be read as %s: %s. Its"
                  + " producer must use a version registered under %s.")
              .formatted(
                  topic,
                  written.getFullName(),
                  id,
                  generated.getFullName(),
                  problem.get(),
                  Registry.subject(topic)),
          id);
    }
    return new SpecificDatumReader<>(written, generated, model);
  }

  private Writing<T> writing(String topic) {
    SchemaId target = registry.idFor(Registry.subject(topic), published);
    DatumWriter<T> own = new SpecificDatumWriter<>(generated, model);
    if (target.schema().equals(published)) {
      return new Writing<>(target.id(), own);
    }
    SchemaMatch.problem(target.schema(), published)
        .ifPresent(problem -> {
          throw new RegistryRefusedException(
              ("The latest schema of subject %s (id %d) cannot hold a %s: %s. Register a version"
                      + " that can, or set %s=false.")
                  .formatted(
                      Registry.subject(topic),
                      target.id(),
                      generated.getFullName(),
                      problem,
                      RegistryConfig.USE_LATEST),
              null);
        });
    return new Writing<>(target.id(), new Projection<>(own, published, target.schema()));
  }

  private static NotAvroException malformed(String topic, int id, int length, String why) {
    return new NotAvroException(
        ("A record of %d bytes in %s is not what its schema (id %d) describes: %s. Its producer"
                + " wrote it wrongly, or it was altered on the way.")
            .formatted(length, topic, id, why));
  }

  private record Writing<T>(int id, DatumWriter<T> writer) {}

  /** Writes a record of one schema as another, by way of bytes. */
  private static final class Projection<T> implements DatumWriter<T> {

    private final DatumWriter<T> own;
    private final GenericDatumReader<Object> reader;
    private final GenericDatumWriter<Object> writer;

    Projection(DatumWriter<T> own, Schema from, Schema to) {
      this.own = own;
      this.reader = new GenericDatumReader<>(from, to);
      this.writer = new GenericDatumWriter<>(to);
    }

    @Override
    public void setSchema(Schema schema) {
      writer.setSchema(schema);
    }

    @Override
    public void write(T datum, org.apache.avro.io.Encoder out) throws IOException {
      byte[] bytes = new Buffers().write(0, own, datum);
      writer.write(reader.read(null, new ArrayDecoder().from(bytes, HEADER_BYTES)), out);
    }
  }
}
