package io.tocsin.schemas.serde;

import static io.tocsin.schemas.serde.Sightings.altered;
import static io.tocsin.schemas.serde.Sightings.sighting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.tocsin.avro.sample.Sighting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client and the codec against the registry that the embedded stack runs. */
class RegistryIT {

  @TempDir static Path data;

  private static ApicurioProcess apicurio;

  @BeforeAll
  static void start() throws IOException {
    apicurio = new ApicurioProcess(data);
  }

  @AfterAll
  static void stop() {
    apicurio.close();
  }

  @Test
  void shouldReadWhatAnotherProcessWrote() {
    // Given
    byte[] bytes = registry(Map.of()).codec(Sighting.class).encode("read", sighting());

    // When
    Sighting read = registry(Map.of()).codec(Sighting.class).decode("read", bytes);

    // Then
    assertThat(read).isEqualTo(sighting());
  }

  @Test
  void shouldKnowThatAnIdIsUnknown() {
    // Given
    byte[] bytes = ByteBuffer.allocate(9).put((byte) 0).putInt(987_654).array();

    // When / Then
    assertThatThrownBy(() -> registry(Map.of()).codec(Sighting.class).decode("unknown", bytes))
        .isInstanceOf(UnknownSchemaException.class)
        .hasMessageContaining("987654");
  }

  @Test
  void shouldFindASchemaRegisteredBefore() throws Exception {
    // Given
    var strict = registry(Map.of("auto.register.schemas", "false"));
    assertThatThrownBy(() -> strict.codec(Sighting.class).encode("before", sighting()))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("not registered under subject before-value");
    int id = strict.client().register("before-value", schema(Sighting.getClassSchema()));

    // When
    byte[] bytes =
        registry(Map.of("auto.register.schemas", "false"))
            .codec(Sighting.class)
            .encode("before", sighting());

    // Then
    assertThat(ByteBuffer.wrap(bytes).getInt(1)).isEqualTo(id);
  }

  @Test
  void shouldWriteWithTheLatestSchema() throws Exception {
    // Given
    var registry = registry(Map.of("auto.register.schemas", "false", "use.latest.version", "true"));
    registry.client().register("latest-value", schema(Sighting.getClassSchema()));
    Schema newer =
        altered(
            "\"fields\":[{\"name\":\"id\"",
            "\"fields\":[{\"name\":\"added\",\"type\":\"int\",\"default\":0},{\"name\":\"id\"");
    int id = registry.client().register("latest-value", new AvroSchema(newer));

    // When
    byte[] bytes = registry.codec(Sighting.class).encode("latest", sighting());

    // Then
    assertThat(ByteBuffer.wrap(bytes).getInt(1)).isEqualTo(id);
    assertThat(registry.codec(Sighting.class).decode("latest", bytes)).isEqualTo(sighting());
  }

  @Test
  void shouldRefuseAnIncompatibleVersion() throws Exception {
    // Given
    var registry = registry(Map.of());
    registry.client().updateCompatibility("strict-value", "BACKWARD_TRANSITIVE");
    Schema other =
        altered("\"name\":\"id\",\"type\":\"string\"", "\"name\":\"id\",\"type\":\"long\"");
    registry.client().register("strict-value", new AvroSchema(other));

    // When / Then
    assertThatThrownBy(() -> registry.codec(Sighting.class).encode("strict", sighting()))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("incompatible with an earlier version");
  }

  @Test
  void shouldKeepSchemasThroughASigkill() throws Exception {
    // Given
    byte[] bytes = registry(Map.of()).codec(Sighting.class).encode("kept", sighting());

    // When
    apicurio.killAndRestart();

    // Then
    var registry = registry(Map.of("auto.register.schemas", "false"));
    assertThat(registry.codec(Sighting.class).decode("kept", bytes)).isEqualTo(sighting());
    assertThat(registry.codec(Sighting.class).encode("kept", sighting())).isEqualTo(bytes);
  }

  private static Registry registry(Map<String, String> more) {
    var configs = new HashMap<String, String>(more);
    configs.put("schema.registry.url", apicurio.url());
    return Registry.connect(configs);
  }

  private static AvroSchema schema(Schema generated) {
    return new AvroSchema(PublishedSchema.of(generated));
  }
}
