package io.tocsin.streams;

import io.micrometer.core.instrument.MeterRegistry;
import io.tocsin.avro.DeadLetter;
import io.tocsin.schemas.catalogue.Catalogue;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.deadletter.DeadLetters;
import io.tocsin.schemas.seal.Keys;
import io.tocsin.schemas.serde.Registry;
import io.tocsin.schemas.topic.Topic;
import io.tocsin.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Clock;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;

/**
 * What a part made of Kafka Streams works with.
 *
 * @param part the part's name, as its command has it
 * @param config the effective configuration
 * @param registry the connection to the schema registry, closed with the part
 * @param catalogue the operator's datasets and categories
 * @param deadLetters where records go that cannot be processed
 * @param meters where the part counts
 * @param check what is made sure of before the part starts
 */
public record StreamsContext(
    String part,
    TocsinConfig config,
    Registry registry,
    Catalogue catalogue,
    DeadLetterWriter deadLetters,
    MeterRegistry meters,
    StartCheck check) {

  /**
   * Opens what the configuration names: keys, catalogue, registry. Nothing is sent yet.
   *
   * @throws IllegalArgumentException if the catalogue cannot be read
   * @throws io.tocsin.schemas.seal.KeyException if the public key for dead letters cannot be read
   */
  public static StreamsContext open(
      String part, TocsinConfig config, MeterRegistry meters, StartCheck check) {
    Catalogue catalogue =
        config
            .optional(CommonKeys.CATALOGUE_FILE)
            .map(file -> Catalogue.read(Path.of(file)))
            .orElseGet(Catalogue::sample);
    DeadLetters letters =
        new DeadLetters(
            Keys.in(Path.of(config.string(CommonKeys.KEYS_DIR))).deadLetterSealer(),
            part,
            Clock.systemUTC());
    Registry registry = Registry.connect(config.registry());
    return new StreamsContext(
        part,
        config,
        registry,
        catalogue,
        new DeadLetterWriter(letters, registry.serde(DeadLetter.class).serializer(), meters),
        meters,
        check);
  }

  /**
   * A serde for a topic's values; in stores and internal topics too, it stays with that topic's
   * subject.
   */
  public <V extends SpecificRecord> Serde<V> serde(Topic<?, V> topic) {
    return registry.serde(topic.valueType(), topic.name());
  }

  /** Copies of {@link Topics#HOLDINGS_TOPIC}'s partitions: how many shards an incident has. */
  public int holdingsPartitions() {
    return config.integer(CommonKeys.HOLDINGS_PARTITIONS);
  }

  /** Partitions of the topics keyed by user. */
  public int usersPartitions() {
    return config.integer(CommonKeys.USERS_PARTITIONS);
  }
}
