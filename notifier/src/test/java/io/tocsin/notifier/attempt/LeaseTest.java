package io.tocsin.notifier.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LeaseTest {

  private long nanos = 5_000_000_000L;
  private Instant wall = Instant.parse("2026-03-07T08:00:00Z");
  private final Lease lease = new Lease(Duration.ofSeconds(6), () -> nanos, () -> wall);

  @Test
  void shouldNotBeHeldBeforeTheFirstCommit() {
    assertThat(lease.isHeld()).isFalse();
  }

  @Test
  void shouldRunFromTheMomentTheCommitWasAskedFor() {
    // Given
    Runnable acknowledged = lease.request();
    pass(5);

    // When
    acknowledged.run();

    // Then
    assertThat(lease.isHeld()).isTrue();
    pass(1);
    assertThat(lease.isHeld()).isFalse();
  }

  @Test
  void shouldEndWhenTheMachineWasSuspended() {
    // Given
    lease.request().run();

    // When
    wall = wall.plusSeconds(60);

    // Then
    assertThat(lease.isHeld()).isFalse();
  }

  @Test
  void shouldEndAlthoughTheWallClockWasSetBack() {
    // Given
    lease.request().run();

    // When
    wall = wall.minusSeconds(3_600);
    nanos += Duration.ofSeconds(6).toNanos();

    // Then
    assertThat(lease.isHeld()).isFalse();
  }

  @Test
  void shouldNotBeRenewedByACommitThatFailed() {
    // Given
    lease.request().run();
    pass(4);

    // When
    lease.request();
    pass(2);

    // Then
    assertThat(lease.isHeld()).isFalse();
  }

  private void pass(long seconds) {
    nanos += Duration.ofSeconds(seconds).toNanos();
    wall = wall.plusSeconds(seconds);
  }
}
