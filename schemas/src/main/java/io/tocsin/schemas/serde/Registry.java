package io.tocsin.schemas.serde;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/**
 * A connection to a schema registry that speaks Confluent's API, and the source of codecs and
 * serdes. Thread-safe; one for a process is enough.
 */
public final class Registry implements AutoCloseable {

  private static final int SCHEMAS_CACHED_PER_SUBJECT = 1_000;

  /** Confluent's codes for "no such subject, version, schema". */
  private static final Set<Integer> NOT_REGISTERED = Set.of(40401, 40402, 40403);

  private static final Set<Integer> WORTH_ANOTHER_TRY = Set.of(408, 429);

  private final SchemaRegistryClient client;
  private final RegistryConfig config;

  /** Uses a client made elsewhere, which {@link #close()} then closes. */
  public Registry(SchemaRegistryClient client, RegistryConfig config) {
    this.client = client;
    this.config = config;
  }

  /**
   * Prepares a connection; nothing is sent yet. An address {@code mock://NAME} is a registry in
   * this process, shared by all who name it.
   */
  public static Registry connect(RegistryConfig config) {
    return new Registry(
        SchemaRegistryClientFactory.newClient(
            config.urls(),
            SCHEMAS_CACHED_PER_SUBJECT,
            List.of(new AvroSchemaProvider()),
            config.client(),
            Map.of()),
        config);
  }

  /** As {@link #connect(RegistryConfig)}, from properties with Confluent's names. */
  public static Registry connect(Map<String, ?> configs) {
    return connect(RegistryConfig.from(configs));
  }

  /** A codec for one generated type. Keep it: it holds what it has learnt of schema ids. */
  public <T extends SpecificRecord> AvroCodec<T> codec(Class<T> type) {
    return new AvroCodec<>(type, this);
  }

  /** A serde for one generated type, whose subject is that of the topic at hand. */
  public <T extends SpecificRecord> AvroSerde<T> serde(Class<T> type) {
    return new AvroSerde<>(codec(type));
  }

  /**
   * A serde whose subject is always that of {@code topic}. For stores and repartition topics, so
   * that a record keeps the schema id of the topic it came from and no further subject appears.
   */
  public <T extends SpecificRecord> AvroSerde<T> serde(Class<T> type, String topic) {
    return new AvroSerde<>(codec(type), topic);
  }

  /** The client itself, for what goes beyond records: subjects, compatibility levels. */
  public SchemaRegistryClient client() {
    return client;
  }

  public RegistryConfig config() {
    return config;
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException e) {
      throw new RegistryUnreachableException(
          "Closing the connection to the schema registry at " + config.where() + " failed", e);
    }
  }

  /** The subject of a topic's values (TopicNameStrategy). */
  static String subject(String topic) {
    return topic + "-value";
  }

  /**
   * The schema with an id.
   *
   * @throws UnknownSchemaException when the registry has no schema of that id
   * @throws IncompatibleSchemaException when it is no Avro schema
   * @throws RegistryException when the registry gives no answer, or refuses one
   */
  Schema schema(int id, String topic) {
    try {
      if (client.getSchemaById(id) instanceof AvroSchema avro) {
        return avro.rawSchema();
      }
      throw notAvro(id, topic);
    } catch (RestClientException e) {
      if (NOT_REGISTERED.contains(e.getErrorCode())) {
        throw new UnknownSchemaException(
            ("A record in %s names schema id %d, which the registry at %s does not have. Its"
                    + " producer used another registry, or the schema was deleted.")
                .formatted(topic, id, config.where()),
            id);
      }
      throw refusal("fetching schema id " + id + " for " + topic, e);
    } catch (IOException e) {
      if (isUnparsable(e)) {
        throw notAvro(id, topic);
      }
      throw failure("fetching schema id " + id + " for " + topic, e);
    }
  }

  /** The id under which records of {@code schema} are written to {@code subject}. */
  SchemaId idFor(String subject, Schema schema) {
    String doing = "looking up " + schema.getFullName() + " under subject " + subject;
    try {
      ParsedSchema ours = new AvroSchema(schema);
      if (config.autoRegister()) {
        doing = "registering " + schema.getFullName() + " under subject " + subject;
        return new SchemaId(client.register(subject, ours), schema);
      }
      if (!config.useLatest()) {
        return new SchemaId(client.getId(subject, ours), schema);
      }
      int id = client.getLatestSchemaMetadata(subject).getId();
      return new SchemaId(id, schema(id, subject));
    } catch (RestClientException e) {
      if (NOT_REGISTERED.contains(e.getErrorCode())) {
        throw new RegistryRefusedException(
            ("%s is not registered under subject %s of the registry at %s. Register it first"
                    + " (tocsin topics apply), or set %s=true.")
                .formatted(
                    schema.getFullName(), subject, config.where(), RegistryConfig.AUTO_REGISTER),
            e);
      }
      throw refusal(doing, e);
    } catch (IOException e) {
      throw failure(doing, e);
    }
  }

  /** A schema and its id in the registry. */
  record SchemaId(int id, Schema schema) {}

  private RegistryException refusal(String doing, RestClientException e) {
    int status = e.getStatus();
    String answer = "The schema registry at %s answered %d".formatted(config.where(), status);
    if (status >= 500 || WORTH_ANOTHER_TRY.contains(status)) {
      return new RegistryUnreachableException(
          "%s while %s. Try again when it has recovered.".formatted(answer, doing), e);
    }
    String advice =
        switch (status) {
          case 401, 403 -> "Check basic.auth.credentials.source and basic.auth.user.info.";
          case 404 -> "Check " + RegistryConfig.URL + ": its path may be wrong.";
          case 409 -> "The schema is incompatible with an earlier version of the subject.";
          default -> "The registry says: " + e.getMessage();
        };
    return new RegistryRefusedException("%s while %s. %s".formatted(answer, doing, advice), e);
  }

  private RegistryException failure(String doing, IOException e) {
    if (e instanceof JsonProcessingException) {
      return new RegistryRefusedException(
          "%s answers, but not as a schema registry does, while %s. Check %s."
              .formatted(config.where(), doing, RegistryConfig.URL),
          e);
    }
    return new RegistryUnreachableException(
        ("The schema registry at %s cannot be reached while %s (%s). Check that it runs and that %s"
                + " is right; the record is kept.")
            .formatted(config.where(), doing, e.getClass().getSimpleName(), RegistryConfig.URL),
        e);
  }

  private IncompatibleSchemaException notAvro(int id, String topic) {
    return new IncompatibleSchemaException(
        "A record in %s names schema id %d, which the registry at %s has, but not as Avro."
            .formatted(topic, id, config.where()),
        id);
  }

  /** The client has no type of its own for a schema of another format; only its words tell. */
  private static boolean isUnparsable(IOException e) {
    String message = e.getMessage();
    return e.getClass() == IOException.class
        && message != null
        && message.startsWith("Invalid schema");
  }
}
