package io.tocsin.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryConfigTest {

  @Test
  void shouldTakeSeveralAddresses() {
    // When
    var config = RegistryConfig.from(Map.of("schema.registry.url", "http://a:1, https://b:2"));

    // Then
    assertThat(config.urls()).containsExactly("http://a:1", "https://b:2");
    assertThat(config.autoRegister()).isTrue();
    assertThat(config.useLatest()).isFalse();
  }

  @Test
  void shouldNotShowSecrets() {
    // When
    var config =
        RegistryConfig.from(
            Map.of(
                "schema.registry.url", "http://user:secret@a:1",
                "basic.auth.user.info", "user:secret",
                "schema.registry.ssl.truststore.password", "secret"));

    // Then
    assertThat(config.toString()).doesNotContain("secret").contains("http://a:1");
  }

  @Test
  void shouldSayThatTheAddressIsMissing() {
    // When / Then
    assertThatThrownBy(() -> RegistryConfig.from(Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("schema.registry.url is missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:8081", "ftp://user:secret@a", "http://"})
  void shouldRefuseWhatIsNoAddress(String url) {
    // When / Then
    assertThatThrownBy(() -> RegistryConfig.from(Map.of("schema.registry.url", url)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("schema.registry.url")
        .hasMessageNotContaining("secret");
  }

  @Test
  void shouldRefuseAFlagThatIsNeitherTrueNorFalse() {
    // When / Then
    assertThatThrownBy(() ->
            RegistryConfig.from(
                Map.of("schema.registry.url", "http://a", "auto.register.schemas", "yes")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("auto.register.schemas");
  }
}
