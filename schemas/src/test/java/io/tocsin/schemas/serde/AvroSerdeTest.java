package io.tocsin.schemas.serde;

import static io.tocsin.schemas.serde.Sightings.TOPIC;
import static io.tocsin.schemas.serde.Sightings.sighting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.tocsin.avro.sample.Sighting;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AvroSerdeTest {

  private final Registry registry =
      new Registry(
          new MockSchemaRegistryClient(),
          RegistryConfig.from(Map.of("schema.registry.url", "mock://serde")));

  @Test
  void shouldCarryRecordsAndTombstones() {
    // Given
    var serde = registry.serde(Sighting.class);

    // When
    byte[] bytes = serde.serializer().serialize(TOPIC, sighting());

    // Then
    assertThat(serde.deserializer().deserialize(TOPIC, bytes)).isEqualTo(sighting());
    assertThat(serde.serializer().serialize(TOPIC, null)).isNull();
    assertThat(serde.deserializer().deserialize(TOPIC, null)).isNull();
  }

  @Test
  void shouldKeepInternalTopicsOutOfTheRegistry() throws Exception {
    // Given
    var serde = registry.serde(Sighting.class, TOPIC);

    // When
    byte[] bytes = serde.serializer().serialize("intake-sightings-repartition", sighting());

    // Then
    assertThat(registry.client().getAllSubjects()).containsExactly("tocsin.sightings-value");
    assertThat(serde.deserializer().deserialize("intake-sightings-repartition", bytes))
        .isEqualTo(sighting());
  }

  @Test
  void shouldRefuseToBeAKey() {
    // When / Then
    assertThatThrownBy(() -> registry.serde(Sighting.class).configure(Map.of(), true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("keys are plain UTF-8 strings");
  }
}
