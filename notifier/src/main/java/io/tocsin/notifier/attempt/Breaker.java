package io.tocsin.notifier.attempt;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Opens when so many of the last twenty results are blamed on what it guards.
 *
 * <p>After a while one attempt goes through as a probe: if it proves that all is well the breaker
 * closes, if it is blamed the pause begins again. Not thread-safe.
 */
final class Breaker {

  private static final int WINDOW = 20;
  private static final Duration PROBE_GRACE = Duration.ofSeconds(2);

  private final int threshold;
  private final Duration pause;
  private final InstantSource clock;
  private int blameBits;
  private boolean open;
  private boolean probing;
  private Instant openUntil = Instant.MIN;

  /**
   * A closed breaker.
   *
   * @param threshold how many of the last twenty results must be blamed
   * @param pause how long no attempt is made once it is open
   */
  Breaker(int threshold, Duration pause, InstantSource clock) {
    if (threshold < 1 || threshold > WINDOW) {
      throw new IllegalArgumentException("a breaker's threshold is between 1 and " + WINDOW);
    }
    this.threshold = threshold;
    this.pause = pause;
    this.clock = clock;
  }

  /**
   * Until when no attempt may be made; empty if one may now, and then {@link #blame}, {@link
   * #prove} or {@link #pass} must follow.
   */
  Optional<Instant> pausedUntil() {
    if (!open) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    if (!probing && !now.isBefore(openUntil)) {
      probing = true;
      return Optional.empty();
    }
    return Optional.of(probing ? now.plus(PROBE_GRACE) : openUntil);
  }

  /** Takes notice of a result that is to be blamed; whether that opened it. */
  boolean blame() {
    record(1);
    if (open) {
      // Attempts that were under way when it opened do not lengthen the pause; only the probe does.
      if (probing) {
        probing = false;
        openUntil = clock.instant().plus(pause);
      }
      return false;
    }
    if (Integer.bitCount(blameBits) < threshold) {
      return false;
    }
    open = true;
    openUntil = clock.instant().plus(pause);
    return true;
  }

  /** Takes notice of a result that proves that all is well; whether that closed it. */
  boolean prove() {
    record(0);
    if (!open) {
      return false;
    }
    open = false;
    probing = false;
    blameBits = 0;
    return true;
  }

  /** Takes notice of a result that says nothing: if it was the probe's, the next one is. */
  void pass() {
    probing = false;
  }

  /** Whether attempts are held back, but for a probe. */
  boolean isOpen() {
    return open;
  }

  /** Whether none of the last results was blamed. */
  boolean isClean() {
    return blameBits == 0;
  }

  private void record(int bit) {
    blameBits = (blameBits << 1 | bit) & ((1 << WINDOW) - 1);
  }
}
