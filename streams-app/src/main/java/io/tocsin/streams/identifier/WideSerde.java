package io.tocsin.streams.identifier;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * The serde of one type, on a stream that elsewhere carries others.
 *
 * @param <T> what is really on this stretch of it
 */
final class WideSerde<T extends SpecificRecord> implements Serde<SpecificRecord> {

  private final Serializer<T> serializer;
  private final Deserializer<T> deserializer;
  private final Class<T> type;

  WideSerde(Serde<T> serde, Class<T> type) {
    this.serializer = serde.serializer();
    this.deserializer = serde.deserializer();
    this.type = type;
  }

  @Override
  public Serializer<SpecificRecord> serializer() {
    return (String topic, @Nullable SpecificRecord value) ->
        serializer.serialize(topic, type.cast(value));
  }

  @Override
  public Deserializer<SpecificRecord> deserializer() {
    return (String topic, byte @Nullable [] bytes) -> deserializer.deserialize(topic, bytes);
  }
}
