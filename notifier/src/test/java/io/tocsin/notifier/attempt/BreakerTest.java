package io.tocsin.notifier.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.avro.DeliveryEventKind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class BreakerTest {

  private static final Outcome FAULT = Outcome.channelFault(Reasons.AUTHENTICATION);
  private static final Outcome GOOD = Outcome.accepted(null, null);
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private Instant now = Instant.parse("2026-03-07T08:00:00Z");
  private final InstantSource clock = () -> now;
  private final Breaker breaker = new Breaker("email", 3, PAUSE, clock);

  @Test
  void shouldOpenWhenEnoughResultsBlameTheChannel() {
    // When
    report(FAULT, GOOD, FAULT, Outcome.of(DeliveryEventKind.REJECTED_PERMANENT, Reasons.REFUSED));
    assertThat(breaker.isOpen()).isFalse();
    report(Outcome.notStarted(Reasons.UNREACHABLE));

    // Then
    assertThat(breaker.isOpen()).isTrue();
    assertThat(breaker.refusal())
        .contains(Outcome.channelFault(Reasons.PAUSED).withRetryAfter(now.plus(PAUSE)));
  }

  @Test
  void shouldNotBeOpenedByWhatIsNotTheChannelsFault() {
    // When
    for (int i = 0; i < 50; i++) {
      report(
          Outcome.of(DeliveryEventKind.REJECTED_TRANSIENT, Reasons.REFUSED),
          Outcome.of(DeliveryEventKind.EXPIRED, Reasons.EXPIRED),
          Outcome.notStarted(Reasons.LEASE));
    }

    // Then
    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  void shouldForgetOldFaults() {
    // When
    report(FAULT, FAULT);
    for (int i = 0; i < 19; i++) {
      report(GOOD);
    }
    report(FAULT);

    // Then
    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  void shouldLetOneProbeThroughAndCloseWhenItProvesTheChannel() {
    // Given
    report(FAULT, FAULT, FAULT);
    now = now.plus(PAUSE);

    // When
    assertThat(breaker.refusal()).isEmpty();
    assertThat(breaker.refusal()).isPresent();
    report(GOOD);

    // Then
    assertThat(breaker.isOpen()).isFalse();
    assertThat(breaker.refusal()).isEmpty();
    report(FAULT, FAULT);
    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  void shouldPauseAgainWhenTheProbeFails() {
    // Given
    report(FAULT, FAULT, FAULT);
    now = now.plus(PAUSE);
    assertThat(breaker.refusal()).isEmpty();

    // When
    report(FAULT);

    // Then
    assertThat(breaker.refusal().orElseThrow().retryAfter()).contains(now.plus(PAUSE));
  }

  @Test
  void shouldTakeTheNextAttemptAsProbeWhenOneSaidNothing() {
    // Given
    report(FAULT, FAULT, FAULT);
    now = now.plus(PAUSE);
    assertThat(breaker.refusal()).isEmpty();

    // When
    report(Outcome.notStarted(Reasons.LEASE));

    // Then
    assertThat(breaker.refusal()).isEmpty();
  }

  private void report(Outcome... outcomes) {
    for (Outcome outcome : outcomes) {
      breaker.report(outcome);
    }
  }
}
