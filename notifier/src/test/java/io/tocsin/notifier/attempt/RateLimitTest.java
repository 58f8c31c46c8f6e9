package io.tocsin.notifier.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateLimitTest {

  private long nanos;

  @Test
  void shouldLetNoMoreThroughThanTheRate() {
    // Given
    RateLimit limit = new RateLimit(50, () -> nanos);
    int taken = 0;

    // When
    for (int millis = 0; millis < 10_000; millis++) {
      nanos += 1_000_000;
      while (limit.tryTake()) {
        taken++;
      }
    }

    // Then
    assertThat(taken).isBetween(499, 506);
  }

  @Test
  void shouldNotSaveUpForABurst() {
    // Given
    RateLimit limit = new RateLimit(50, () -> nanos);
    nanos += 3_600_000_000_000L;

    // When
    int taken = 0;
    while (limit.tryTake()) {
      taken++;
    }

    // Then
    assertThat(taken).isEqualTo(5);
  }

  @Test
  void shouldLetEverythingThroughWithoutALimit() {
    // Given
    RateLimit limit = new RateLimit(0, () -> nanos);

    // When, Then
    for (int i = 0; i < 1_000; i++) {
      assertThat(limit.tryTake()).isTrue();
    }
  }
}
