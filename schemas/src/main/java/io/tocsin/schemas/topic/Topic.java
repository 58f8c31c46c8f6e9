package io.tocsin.schemas.topic;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;

/**
 * A topic of the catalogue: a name and everything that must travel with it.
 *
 * @param name the topic's name, prefix included
 * @param keySerde the key's serde; keys are plain UTF-8 strings, so that any producer can write
 *     them
 * @param valueType the generated type of the value; its schema is the registry's subject {@code
 *     name-value}
 * @param group which topics it shares its number of partitions with
 * @param kept how long it keeps its records
 * @param <K> type of the key
 * @param <V> type of the value
 */
public record Topic<K, V extends SpecificRecord>(
    String name, Serde<K> keySerde, Class<V> valueType, PartitionGroup group, Kept kept) {

  /** The registry's subject of the value's schema (Confluent's TopicNameStrategy). */
  public String subject() {
    return name + "-value";
  }

  @Override
  public String toString() {
    return name;
  }
}
