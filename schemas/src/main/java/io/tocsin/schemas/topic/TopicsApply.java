package io.tocsin.schemas.topic;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.serde.Registry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Makes every topic of the catalogue and registers its schema. May be run as often as one likes,
 * and by several at once; what is there already stays, and what differs is refused before anything
 * is changed.
 */
public final class TopicsApply {

  /**
   * Old readers and new records get along in every order of upgrades (Confluent's compatibility
   * types).
   */
  static final String COMPATIBILITY = "BACKWARD_TRANSITIVE";

  /** Larger than the largest notice template or incident that anybody will write. */
  private static final Map<String, String> COMMON_CONFIG =
      Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(4 * 1024 * 1024));

  /**
   * What was done for a topic.
   *
   * @param created whether it was made just now
   * @param schemaId the id of its values' schema in the registry
   */
  public record Applied(String topic, int partitions, boolean created, int schemaId) {}

  private final Admin admin;
  private final Registry registry;
  private final TopicSettings settings;
  private final PartitionRecord record;

  /** Applies the catalogue by a configuration. */
  public TopicsApply(Admin admin, Registry registry, TocsinConfig config) {
    this.admin = admin;
    this.registry = registry;
    this.settings = TopicSettings.from(config);
    this.record = new PartitionRecord(config.kafka());
  }

  /**
   * Makes what is missing.
   *
   * @return one line per topic, in the catalogue's order
   * @throws TopicsException if a topic exists with another number of partitions, or the registry
   *     refuses a schema
   */
  public List<Applied> apply() {
    Map<String, Integer> actual = TopicsCheck.actualPartitions(admin, TopicsCheck.names());
    Map<String, Integer> recorded =
        actual.containsKey(PartitionRecord.TOPIC) ? record.read() : Map.of();
    refuseDifferences(actual, recorded);
    Map<String, Integer> schemaIds = registerSchemas();
    List<NewTopic> missing = new ArrayList<>();
    if (!actual.containsKey(PartitionRecord.TOPIC)) {
      missing.add(newTopic(PartitionRecord.TOPIC, 1, Kept.COMPACT));
    }
    Map<String, Integer> unrecorded = new HashMap<>();
    for (Topic<String, ? extends SpecificRecord> topic : Topics.ALL) {
      if (!actual.containsKey(topic.name())) {
        missing.add(newTopic(topic.name(), settings.partitions(topic), topic.kept()));
      }
      if (!recorded.containsKey(topic.name())) {
        unrecorded.put(topic.name(), settings.partitions(topic));
      }
    }
    create(missing);
    TopicsServed.await(admin, TopicsCheck.names());
    record.write(unrecorded);
    return Topics.ALL.stream()
        .map(topic ->
            new Applied(
                topic.name(),
                settings.partitions(topic),
                !actual.containsKey(topic.name()),
                schemaIds.getOrDefault(topic.name(), -1)))
        .toList();
  }

  private void refuseDifferences(Map<String, Integer> actual, Map<String, Integer> recorded) {
    CountDifferences differences = new CountDifferences(settings);
    for (Topic<String, ? extends SpecificRecord> topic : Topics.ALL) {
      Optional.ofNullable(actual.get(topic.name()))
          .or(() -> Optional.ofNullable(recorded.get(topic.name())))
          .ifPresent(count -> differences.compare(topic, count));
    }
    if (!differences.sentences().isEmpty()) {
      throw new TopicsException(String.join("; ", differences.sentences()));
    }
  }

  private NewTopic newTopic(String name, int partitions, Kept kept) {
    Optional<Short> replication =
        settings.replication() == -1 ? Optional.empty() : Optional.of(settings.replication());
    Map<String, String> config = new HashMap<>(COMMON_CONFIG);
    config.putAll(kept.topicConfig());
    return new NewTopic(name, Optional.of(partitions), replication).configs(config);
  }

  private void create(List<NewTopic> topics) {
    for (var creation : admin.createTopics(topics).values().entrySet()) {
      try {
        creation.getValue().get();
      } catch (ExecutionException e) {
        Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
        if (!(cause instanceof TopicExistsException)) {
          throw new TopicsException(
              "Kafka did not create topic " + creation.getKey() + ": " + cause.getMessage(), cause);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new KafkaException("Interrupted while creating topics", e);
      }
    }
  }

  private Map<String, Integer> registerSchemas() {
    Map<String, Integer> ids = new HashMap<>();
    for (Topic<String, ? extends SpecificRecord> topic : Topics.ALL) {
      ids.put(topic.name(), register(topic));
    }
    return ids;
  }

  private int register(Topic<String, ? extends SpecificRecord> topic) {
    SchemaRegistryClient client = registry.client();
    String subject = topic.subject();
    try {
      int id = client.register(subject, new AvroSchema(registry.codec(topic.valueType()).schema()));
      client.updateCompatibility(subject, COMPATIBILITY);
      return id;
    } catch (RestClientException e) {
      throw new TopicsException(
          "The registry at "
              + registry.config().where()
              + " refused the schema of subject "
              + subject
              + " (HTTP "
              + e.getStatus()
              + ", code "
              + e.getErrorCode()
              + "): "
              + e.getMessage(),
          e);
    } catch (IOException e) {
      throw new TopicsException(
          "No answer from the schema registry at "
              + registry.config().where()
              + " ("
              + e.getClass().getSimpleName()
              + "); is it running, and is schema.registry.url right?",
          e);
    }
  }
}
