package io.tocsin.notifier.attempt;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves a provider alone that fails through a fault of our own, or cannot be reached, instead of
 * burning through people.
 *
 * <p>It opens when so many of the last twenty results blamed the channel. After a while one attempt
 * goes through as a probe: if it proves the channel the breaker closes, if it blames the channel
 * the pause begins again. Thread-safe.
 */
public final class Breaker {

  private static final Logger log = LoggerFactory.getLogger(Breaker.class);

  private static final int WINDOW = 20;
  private static final Duration PROBE_GRACE = Duration.ofSeconds(2);

  private final String channel;
  private final int threshold;
  private final Duration pause;
  private final InstantSource clock;
  private int blameBits;
  private boolean open;
  private boolean probing;
  private Instant pausedUntil = Instant.MIN;

  /**
   * A closed breaker.
   *
   * @param channel its name in logs
   * @param threshold how many of the last twenty results must blame the channel
   * @param pause how long the provider is left alone
   */
  public Breaker(String channel, int threshold, Duration pause, InstantSource clock) {
    if (threshold < 1 || threshold > WINDOW) {
      throw new IllegalArgumentException("a breaker's threshold is between 1 and " + WINDOW);
    }
    this.channel = channel;
    this.threshold = threshold;
    this.pause = pause;
    this.clock = clock;
  }

  /** Why an attempt must not be made now; empty if it may, and then {@link #report} must follow. */
  public synchronized Optional<Outcome> refusal() {
    if (!open) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    if (!probing && !now.isBefore(pausedUntil)) {
      probing = true;
      return Optional.empty();
    }
    Instant again = probing ? now.plus(PROBE_GRACE) : pausedUntil;
    return Optional.of(Outcome.channelFault(Reasons.PAUSED).withRetryAfter(again));
  }

  /** Takes notice of what an attempt led to. */
  public synchronized void report(Outcome outcome) {
    if (outcome.blamesChannel()) {
      blame(outcome);
    } else if (outcome.provesChannel()) {
      record(0);
      if (open) {
        close();
      }
    } else if (probing) {
      // It says nothing about the channel: the next attempt is the probe.
      probing = false;
    }
  }

  /** Whether the provider is left alone. */
  public synchronized boolean isOpen() {
    return open;
  }

  private void blame(Outcome outcome) {
    record(1);
    if (open) {
      // Attempts that were under way when it opened do not lengthen the pause; only the probe does.
      if (probing) {
        probing = false;
        pausedUntil = clock.instant().plus(pause);
      }
      return;
    }
    if (Integer.bitCount(blameBits) >= threshold) {
      open = true;
      probing = false;
      pausedUntil = clock.instant().plus(pause);
      log.atWarn()
          .addKeyValue("channel", channel)
          .addKeyValue("reason", outcome.reason().orElse(""))
          .addKeyValue("code", outcome.code().orElse(""))
          .addKeyValue("pausedUntil", pausedUntil)
          .log(
              "Channel paused: the provider refuses us or cannot be reached; nobody's attempts are"
                  + " used up");
    }
  }

  private void close() {
    open = false;
    probing = false;
    blameBits = 0;
    log.atInfo().addKeyValue("channel", channel).log("Channel resumed");
  }

  private void record(int bit) {
    blameBits = (blameBits << 1 | bit) & ((1 << WINDOW) - 1);
  }
}
