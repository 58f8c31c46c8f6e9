package io.tocsin.streams;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Records of our own in state stores and internal topics, in Avro's single-object encoding: each
 * carries the fingerprint of its schema, so that a later version of the program reads what an
 * earlier one wrote, and no registry is needed to restore.
 *
 * @param <T> a generated type
 */
public final class StateSerde<T extends SpecificRecord> implements Serde<T> {

  private final BinaryMessageEncoder<T> encoder;
  private final BinaryMessageDecoder<T> decoder;

  /**
   * Makes the serde.
   *
   * @param schema the type's schema, with which records are written
   * @param former schemas with which earlier versions of the program wrote, and which must still be
   *     readable
   */
  public StateSerde(Schema schema, Schema... former) {
    SpecificData model = SpecificData.getForSchema(schema);
    this.encoder = new BinaryMessageEncoder<>(model, schema);
    this.decoder = new BinaryMessageDecoder<>(model, schema);
    for (Schema each : former) {
      decoder.addSchema(each);
    }
  }

  /** The record in bytes. */
  public byte[] encode(T record) {
    try {
      ByteBuffer buffer = encoder.encode(record);
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The record again.
   *
   * @throws SerializationException if the bytes were written by a later version of the program, or
   *     are not ours
   */
  public T decode(byte[] bytes) {
    try {
      return decoder.decode(bytes);
    } catch (IOException | org.apache.avro.AvroRuntimeException e) {
      throw new SerializationException(
          "State cannot be read by this version of the program; start the version that wrote it",
          e);
    }
  }

  @Override
  public Serializer<T> serializer() {
    return (String topic, @Nullable T record) -> record == null ? null : encode(record);
  }

  @Override
  public Deserializer<T> deserializer() {
    return (String topic, byte @Nullable [] bytes) -> bytes == null ? null : decode(bytes);
  }
}
