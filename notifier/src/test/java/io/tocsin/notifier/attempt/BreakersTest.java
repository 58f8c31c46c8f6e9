package io.tocsin.notifier.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.avro.Channel;
import io.tocsin.avro.DeliveryEventKind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BreakersTest {

  private static final Outcome FAULT = Outcome.channelFault(Reasons.AUTHENTICATION);
  private static final Outcome THERE = Outcome.destinationFault(Reasons.REFUSED).withCode("5.7.1");
  private static final Outcome GOOD = Outcome.accepted(null, null);
  private static final Destination HERE = domain("people.example");
  private static final Destination STRICT = domain("strict.example");
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private Instant now = Instant.parse("2026-03-07T08:00:00Z");
  private final InstantSource clock = () -> now;
  private final Breakers breakers = new Breakers("email", 3, PAUSE, clock);

  @Test
  void shouldOpenWhenEnoughResultsBlameTheChannel() {
    // When
    report(FAULT, GOOD, FAULT, Outcome.of(DeliveryEventKind.REJECTED_PERMANENT, Reasons.REFUSED));
    assertThat(breakers.isPaused()).isFalse();
    report(Outcome.notStarted(Reasons.UNREACHABLE));

    // Then
    assertThat(breakers.isPaused()).isTrue();
    assertThat(breakers.refusal(HERE))
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
    assertThat(breakers.isPaused()).isFalse();
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
    assertThat(breakers.isPaused()).isFalse();
  }

  @Test
  void shouldLetOneProbeThroughAndCloseWhenItProvesTheChannel() {
    // Given
    report(FAULT, FAULT, FAULT);
    now = now.plus(PAUSE);

    // When
    assertThat(breakers.refusal(HERE)).isEmpty();
    assertThat(breakers.refusal(HERE)).isPresent();
    report(GOOD);

    // Then
    assertThat(breakers.isPaused()).isFalse();
    assertThat(breakers.refusal(HERE)).isEmpty();
    report(FAULT, FAULT);
    assertThat(breakers.isPaused()).isFalse();
  }

  @Test
  void shouldPauseAgainWhenTheProbeFails() {
    // Given
    report(FAULT, FAULT, FAULT);
    now = now.plus(PAUSE);
    assertThat(breakers.refusal(HERE)).isEmpty();

    // When
    report(FAULT);

    // Then
    assertThat(breakers.refusal(HERE).orElseThrow().retryAfter()).contains(now.plus(PAUSE));
  }

  @Test
  void shouldTakeTheNextAttemptAsProbeWhenOneSaidNothing() {
    // Given
    report(FAULT, FAULT, FAULT);
    now = now.plus(PAUSE);
    assertThat(breakers.refusal(HERE)).isEmpty();

    // When
    report(Outcome.notStarted(Reasons.LEASE));

    // Then
    assertThat(breakers.refusal(HERE)).isEmpty();
  }

  @Test
  void shouldPauseADestinationThatRefusesUsAndGoOnWithTheOthers() {
    // When
    report(STRICT, THERE, THERE, GOOD);
    report(GOOD);
    assertThat(breakers.refusal(STRICT)).isEmpty();
    report(STRICT, THERE);

    // Then
    assertThat(breakers.refusal(STRICT))
        .contains(Outcome.channelFault(Reasons.DESTINATION_PAUSED).withRetryAfter(now.plus(PAUSE)));
    assertThat(breakers.pausedDestinations()).isEqualTo(1);
    assertThat(breakers.isPaused()).isFalse();
    assertThat(breakers.refusal(HERE)).isEmpty();
  }

  @Test
  void shouldPauseARareDestinationHoweverManyOthersAreTold() {
    // When
    for (int i = 0; i < 3; i++) {
      for (int told = 0; told < 100; told++) {
        report(GOOD);
      }
      report(STRICT, THERE);
    }

    // Then
    assertThat(breakers.refusal(STRICT)).isPresent();
    assertThat(breakers.refusal(HERE)).isEmpty();
  }

  @Test
  void shouldPauseTheChannelWhenManyDestinationsRefuseUs() {
    // When
    report(domain("a.example"), THERE, THERE);
    report(domain("b.example"), THERE, THERE);
    assertThat(breakers.isPaused()).isFalse();
    report(domain("c.example"), THERE);

    // Then
    assertThat(breakers.isPaused()).isTrue();
    assertThat(breakers.refusal(HERE).orElseThrow().reason()).contains(Reasons.PAUSED);
    assertThat(breakers.pausedDestinations()).isZero();
  }

  @Test
  void shouldResumeADestinationWhenItsProbeIsTaken() {
    // Given
    report(STRICT, THERE, THERE, THERE);
    now = now.plus(PAUSE);

    // When
    assertThat(breakers.refusal(STRICT)).isEmpty();
    assertThat(breakers.refusal(STRICT)).isPresent();
    report(STRICT, GOOD);

    // Then
    assertThat(breakers.refusal(STRICT)).isEmpty();
    assertThat(breakers.pausedDestinations()).isZero();
  }

  @Test
  void shouldPauseADestinationAgainWhenItsProbeIsRefused() {
    // Given
    report(STRICT, THERE, THERE, THERE);
    now = now.plus(PAUSE);
    assertThat(breakers.refusal(STRICT)).isEmpty();

    // When
    report(STRICT, THERE);

    // Then
    assertThat(breakers.refusal(STRICT).orElseThrow().retryAfter()).contains(now.plus(PAUSE));
    assertThat(breakers.isPaused()).isFalse();
  }

  @Test
  void shouldProbeADestinationAgainWhenTheChannelStoppedItsProbe() {
    // Given
    report(STRICT, THERE, THERE, THERE);
    now = now.plus(PAUSE.dividedBy(2));
    report(FAULT, FAULT);
    now = now.plus(PAUSE.dividedBy(2));
    assertThat(breakers.refusal(STRICT).orElseThrow().reason()).contains(Reasons.PAUSED);
    now = now.plus(PAUSE.dividedBy(2));

    // When
    Optional<Outcome> probe = breakers.refusal(STRICT);

    // Then
    assertThat(probe).isEmpty();
    report(STRICT, GOOD);
    assertThat(breakers.isPaused()).isFalse();
    assertThat(breakers.pausedDestinations()).isZero();
  }

  @Test
  void shouldProbeTheChannelAgainWhenOneDestinationSpoiltItsProbe() {
    // Given
    report(STRICT, THERE);
    report(FAULT, FAULT);
    now = now.plus(PAUSE);
    assertThat(breakers.refusal(STRICT)).isEmpty();

    // When
    report(STRICT, THERE);

    // Then
    assertThat(breakers.refusal(HERE)).isEmpty();
  }

  @Test
  void shouldForgetTheDestinationsUsedLongestAgoWhenTheyAreTooMany() {
    // Given
    report(HERE, THERE, THERE, THERE);
    report(STRICT, THERE, THERE, THERE);

    // When
    for (int i = 0; i < 10_000; i++) {
      report(domain("told" + i + ".example"), GOOD);
    }
    assertThat(breakers.pausedDestinations()).isEqualTo(2);
    for (int i = 0; i < 10_000; i++) {
      assertThat(breakers.refusal(HERE)).isPresent();
      report(domain("refused" + i + ".example"), THERE);
    }

    // Then
    assertThat(breakers.pausedDestinations()).isEqualTo(1);
    assertThat(breakers.refusal(HERE).orElseThrow().reason()).contains(Reasons.DESTINATION_PAUSED);
  }

  private void report(Outcome... outcomes) {
    report(HERE, outcomes);
  }

  private void report(Destination destination, Outcome... outcomes) {
    for (Outcome outcome : outcomes) {
      breakers.report(destination, outcome);
    }
  }

  private static Destination domain(String domain) {
    return new Destination(Channel.EMAIL, domain);
  }
}
