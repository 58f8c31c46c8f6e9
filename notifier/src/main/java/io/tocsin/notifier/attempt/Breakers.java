package io.tocsin.notifier.attempt;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves alone a provider that fails through a fault of our own, or cannot be reached, instead of
 * burning through people; or only the destination that it refuses us, while everybody else is told.
 *
 * <p>There is a {@link Breaker} for the channel and one for each destination that was refused of
 * late. A refusal says whether it is about a destination, but not whether every other destination
 * would be refused as well. So the first one of each destination counts against the channel too:
 * many refusals of one country or domain pause that, refusals of many pause the channel.
 *
 * <p>Destinations that nothing is held against take no memory; of the others, those used last are
 * kept. Thread-safe.
 */
public final class Breakers {

  private static final Logger log = LoggerFactory.getLogger(Breakers.class);

  private static final int MAX_DESTINATIONS = 10_000;

  private final String name;
  private final int threshold;
  private final Duration pause;
  private final InstantSource clock;
  private final Breaker channel;
  private final Map<Destination, Breaker> destinations =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Destination, Breaker> eldest) {
          return size() > MAX_DESTINATIONS;
        }
      };

  /**
   * Closed breakers.
   *
   * @param name the channel's name in logs
   * @param threshold how many of the last twenty results must be blamed on the channel, or on a
   *     destination, to pause it
   * @param pause how long it is left alone
   */
  public Breakers(String name, int threshold, Duration pause, InstantSource clock) {
    this.name = name;
    this.threshold = threshold;
    this.pause = pause;
    this.clock = clock;
    this.channel = new Breaker(threshold, pause, clock);
  }

  /** Why an attempt must not be made now; empty if it may, and then {@link #report} must follow. */
  public synchronized Optional<Outcome> refusal(Destination destination) {
    Breaker there = destinations.get(destination);
    if (there != null) {
      Optional<Instant> until = there.pausedUntil();
      if (until.isPresent()) {
        return until.map(Outcome.channelFault(Reasons.DESTINATION_PAUSED)::withRetryAfter);
      }
    }
    Optional<Instant> until = channel.pausedUntil();
    if (until.isPresent() && there != null) {
      there.pass();
    }
    return until.map(Outcome.channelFault(Reasons.PAUSED)::withRetryAfter);
  }

  /** Takes notice of what an attempt led to. */
  public synchronized void report(Destination destination, Outcome outcome) {
    if (outcome.blamesDestination()) {
      blame(destination, outcome);
      return;
    }
    Breaker there = destinations.get(destination);
    if (outcome.provesChannel()) {
      proveChannel();
      if (there != null) {
        prove(destination, there);
      }
      return;
    }
    if (there != null) {
      there.pass();
    }
    if (outcome.blamesChannel()) {
      blameChannel(outcome);
    } else {
      channel.pass();
    }
  }

  /** Whether the provider is left alone. */
  public synchronized boolean isPaused() {
    return channel.isOpen();
  }

  /** How many destinations are left alone. */
  public synchronized long pausedDestinations() {
    return destinations.values().stream().filter(Breaker::isOpen).count();
  }

  private void blame(Destination destination, Outcome outcome) {
    Breaker there =
        destinations.computeIfAbsent(destination, _ -> new Breaker(threshold, pause, clock));
    if (there.isClean()) {
      blameChannel(outcome);
    } else {
      channel.pass();
    }
    if (there.blame()) {
      warn(
          destination,
          outcome,
          "Destination paused: the provider refuses us there; everybody else is told, and nobody's"
              + " attempts are used up");
    }
  }

  private void prove(Destination destination, Breaker there) {
    if (there.prove()) {
      log.atInfo()
          .addKeyValue("channel", name)
          .addKeyValue("destination", destination)
          .log("Destination resumed");
    }
    if (there.isClean()) {
      destinations.remove(destination);
    }
  }

  private void blameChannel(Outcome outcome) {
    if (channel.blame()) {
      warn(
          null,
          outcome,
          "Channel paused: the provider refuses us or cannot be reached; nobody's attempts are"
              + " used up");
    }
  }

  private void proveChannel() {
    if (channel.prove()) {
      log.atInfo().addKeyValue("channel", name).log("Channel resumed");
    }
  }

  private void warn(@Nullable Destination destination, Outcome outcome, String message) {
    log.atWarn()
        .addKeyValue("channel", name)
        .addKeyValue("destination", destination == null ? "all" : destination)
        .addKeyValue("reason", outcome.reason().orElse(""))
        .addKeyValue("code", outcome.code().orElse(""))
        .addKeyValue("pausedUntil", clock.instant().plus(pause))
        .log(message);
  }
}
