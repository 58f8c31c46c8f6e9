package io.tocsin.schemas.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TocsinConfigTest {

  private static final ConfigDef DEFINITION =
      RegistryKeys.define(CommonKeys.define(new ConfigDef()));

  @TempDir Path folder;

  @Test
  void shouldLetTheCommandLineOverrideTheEnvironmentAndThatTheFile() throws IOException {
    // Given
    Path file = file("kafka.bootstrap.servers=file:1", "keys.dir=file", "http.host=10.0.0.1");
    // When
    TocsinConfig config =
        TocsinConfig.load(
            DEFINITION,
            file,
            Map.of(
                "TOCSIN_KEYS_DIR", "environment", "TOCSIN_HTTP_HOST", "10.0.0.2", "PATH", "/bin"),
            Map.of("http.host", "10.0.0.3"));
    // Then
    assertThat(config.string("kafka.bootstrap.servers")).isEqualTo("file:1");
    assertThat(config.string("keys.dir")).isEqualTo("environment");
    assertThat(config.string("http.host")).isEqualTo("10.0.0.3");
  }

  @Test
  void shouldRefuseAnUnknownKeyAndSayWhichWasMeant() throws IOException {
    // Given
    Path file = file("kafka.bootstrap.servers=a:1", "key.dir=x");
    // When // Then
    assertThatThrownBy(() -> TocsinConfig.load(DEFINITION, file, Map.of(), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("key.dir")
        .hasMessageContaining(file.toString())
        .hasMessageContaining("did you mean keys.dir");
  }

  @Test
  void shouldRefuseAnUnknownEnvironmentVariable() {
    assertThatThrownBy(
            () -> TocsinConfig.load(DEFINITION, null, Map.of("TOCSIN_KEYS_DIRR", "x"), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("TOCSIN_KEYS_DIRR");
  }

  @Test
  void shouldRefuseAValueOfTheWrongType() throws IOException {
    Path file = file("topics.partitions.users=many");
    assertThatThrownBy(() -> TocsinConfig.load(DEFINITION, file, Map.of(), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("topics.partitions.users");
  }

  @Test
  void shouldHandClientSettingsThrough() throws IOException {
    // Given
    Path file =
        file(
            "kafka.security.protocol=SASL_SSL",
            "streams.num.stream.threads=2",
            "schema.registry.url=http://r");
    // When
    TocsinConfig config = TocsinConfig.load(DEFINITION, file, Map.of(), Map.of());
    // Then
    assertThat(config.kafka())
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("bootstrap.servers", "127.0.0.1:9092");
    assertThat(config.streams()).containsEntry("num.stream.threads", "2");
    assertThat(config.registry()).containsEntry("schema.registry.url", "http://r");
  }

  @Test
  void shouldHideSecretsWhenPrinted() throws IOException {
    // Given
    Path file =
        file("kafka.sasl.jaas.config=user tom password x1y2", "basic.auth.user.info=tom:x1y2");
    // When
    TocsinConfig config = TocsinConfig.load(DEFINITION, file, Map.of(), Map.of());
    // Then
    assertThat(config.toString()).doesNotContain("x1y2").contains("[hidden]");
    assertThat(config.registry()).containsEntry("basic.auth.user.info", "tom:x1y2");
  }

  @Test
  void shouldReadSecretsThroughConfigProviders() throws IOException {
    // Given
    Path secrets = folder.resolve("secrets.properties");
    Files.writeString(secrets, "registry=tom:x1y2\n");
    Path file =
        file(
            "config.providers=file",
            "config.providers.file.class=org.apache.kafka.common.config.provider.FileConfigProvider",
            "basic.auth.user.info=${file:" + secrets + ":registry}");
    // When
    TocsinConfig config = TocsinConfig.load(DEFINITION, file, Map.of(), Map.of());
    // Then
    assertThat(config.secret("basic.auth.user.info")).contains("tom:x1y2");
  }

  private Path file(String... lines) throws IOException {
    return Files.write(folder.resolve("tocsin.properties"), java.util.List.of(lines));
  }
}
