package io.tocsin.notifier.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocaleFallbackTest {

  @ParameterizedTest
  @CsvSource({
    "kk, kk", "kk-KZ, kk", "kk_KZ, kk", "KK-Cyrl-KZ, kk", "ru-KZ, ru", "pt-BR, pt-BR", "pt, en",
    "pt-PT, en", "de, en", "'', en", "'  ', en", "'ru ', ru", "-, en", "kkk, en"
  })
  void shouldFallBackFromTheRightAndThenToTheDefault(String requested, String used) {
    // When
    String locale = LocaleFallback.resolve(requested, Set.of("en", "ru", "kk", "pt-BR"), "en");

    // Then
    assertThat(locale).isEqualTo(used);
  }
}
