package io.tocsin.schemas.serde;

import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * An {@link AvroCodec} as Kafka wants it; null stays null, which is a tombstone. For values only:
 * keys are plain strings. Failures are those of the codec.
 *
 * @param <T> the generated type
 */
public final class AvroSerde<T extends SpecificRecord> implements Serde<T> {

  private final AvroCodec<T> codec;
  private final @Nullable String subjectTopic;

  /** See {@link Registry#serde(Class)}. */
  public AvroSerde(AvroCodec<T> codec) {
    this(codec, null);
  }

  /** See {@link Registry#serde(Class, String)}. */
  AvroSerde(AvroCodec<T> codec, @Nullable String subjectTopic) {
    this.codec = codec;
    this.subjectTopic = subjectTopic;
  }

  /** The codec underneath. */
  public AvroCodec<T> codec() {
    return codec;
  }

  /**
   * Does nothing but refuse keys: the registry's properties are with the {@link Registry}.
   *
   * @throws IllegalArgumentException for a key
   */
  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    if (isKey) {
      throw new IllegalArgumentException(
          codec.schema().getFullName() + " is a value; keys are plain UTF-8 strings");
    }
  }

  @Override
  public Serializer<T> serializer() {
    return new Writer();
  }

  @Override
  public Deserializer<T> deserializer() {
    return new Reader();
  }

  private final class Writer implements Serializer<T> {
    @Override
    public byte @Nullable [] serialize(String topic, @Nullable T data) {
      return data == null ? null : codec.encode(subjectTopic == null ? topic : subjectTopic, data);
    }
  }

  private final class Reader implements Deserializer<T> {
    @Override
    public @Nullable T deserialize(String topic, byte @Nullable [] data) {
      return data == null ? null : codec.decode(topic, data);
    }
  }
}
