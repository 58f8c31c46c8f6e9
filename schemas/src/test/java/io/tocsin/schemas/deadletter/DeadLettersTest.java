package io.tocsin.schemas.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.avro.DeadLetter;
import io.tocsin.schemas.seal.Keys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLettersTest {

  @TempDir Path folder;

  @Test
  void shouldKeepTheBytesForTheOperatorAndShowThemToNobodyElse() throws IOException {
    // Given
    Keys keys = Keys.in(folder);
    keys.create();
    DeadLetters letters = new DeadLetters(keys.deadLetterSealer(), "intake", Clock.systemUTC());
    byte[] value = "a@example.com".getBytes(StandardCharsets.UTF_8);
    // When
    DeadLetter letter =
        letters.of("tocsin.users", 3, 42, value, value, DeadLetterCode.NOT_AVRO, "No magic byte");
    // Then
    assertThat(letter.toString()).doesNotContain("a@example.com");
    assertThat(letter.getCode()).isEqualTo("not-avro");
    assertThat(keys.deadLetterOpener().open(letter.getSealedValue().orElseThrow()))
        .isEqualTo(value);
    assertThat(keys.deadLetterOpener().open(letter.getSealedKey().orElseThrow())).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"u-1", "registration/u-1", "INC-2026-014", "!barrier/INC-1/2"})
  void shouldKeepKeysThatArePlainlyIds(String key) {
    assertThat(DeadLetters.key(key.getBytes(StandardCharsets.UTF_8))).isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a@example.com", "+99912345678", "99912345678", "two words", ""})
  void shouldHashKeysThatCouldBeAnAddress(String key) {
    assertThat(DeadLetters.key(key.getBytes(StandardCharsets.UTF_8)))
        .startsWith("hash-")
        .doesNotContain("999");
  }

  @Test
  void shouldNameTheMissingKey() {
    assertThat(DeadLetters.key(null)).isEqualTo("none");
  }
}
