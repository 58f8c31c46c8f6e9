package io.tocsin.system.chaos;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Kills processes while messages go out: evenly over the first three quarters of the deliveries,
 * half of the kills notifiers, three tenths dispatchers, the rest the broker, in an order that the
 * seed decides. Each is started again at once; the next kill waits until it is ready and messages
 * go out again.
 */
final class Killer {

  private static final double FIRST = 0.03;
  private static final double LAST = 0.75;
  private static final int READINGS = 3;

  /** Messages after which they are taken to go out again. */
  private static final int MOVING = 16;

  private static final int JITTER_MS = 200;
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);
  private static final Duration STANDSTILL = Duration.ofMinutes(3);

  private final ChaosStack stack;
  private final Metrics metrics;
  private final Arrivals arrivals;
  private final long deliveries;
  private final int kills;
  private final Random random;
  private long largestHeap;

  Killer(
      ChaosStack stack, Metrics metrics, Arrivals arrivals, long deliveries, int kills, long seed) {
    this.stack = stack;
    this.metrics = metrics;
    this.arrivals = arrivals;
    this.deliveries = deliveries;
    this.kills = kills;
    this.random = new Random(seed);
  }

  /** Makes every kill; returns when the last killed process is ready again. */
  List<Kill> run(Consumer<Kill> seen) throws Exception {
    List<Kill> made = new ArrayList<>();
    List<String> victims = victims();
    for (int i = 0; i < victims.size(); i++) {
      double share = FIRST + (LAST - FIRST) * i / Math.max(1, victims.size() - 1);
      awaitMoving(arrivals::settled, Math.round(share * deliveries));
      Thread.sleep(random.nextInt(JITTER_MS));
      Kill kill = kill(victims.get(i));
      made.add(kill);
      seen.accept(kill);
    }
    return made;
  }

  /** The most heap that a notifier was seen to use, in bytes. */
  long largestHeap() {
    return largestHeap;
  }

  private List<String> victims() {
    List<String> victims = new ArrayList<>();
    for (int i = 0; i < kills; i++) {
      victims.add(
          switch (i % 10) {
            case 0, 2, 4, 6, 8 -> of(stack.notifiers(), i / 2);
            case 1, 5, 9 -> of(stack.streams(), i / 4);
            default -> ChaosStack.BROKER;
          });
    }
    Collections.shuffle(victims, random);
    return victims;
  }

  private static String of(List<String> names, int number) {
    return names.get(number % names.size());
  }

  private Kill kill(String victim) throws Exception {
    int slots =
        victim.equals(ChaosStack.BROKER) || stack.notifiers().contains(victim)
            ? slots(victim.equals(ChaosStack.BROKER) ? stack.notifiers() : List.of(victim))
            : 0;
    double outstanding = 1 - (double) arrivals.settled() / deliveries;
    Instant at = Instant.now();
    long nanos = System.nanoTime();
    stack.kill(victim);
    stack.start(victim);
    long readyNanos = System.nanoTime();
    awaitMoving(arrivals::messages, arrivals.messages() + MOVING);
    return new Kill(victim, at, nanos, readyNanos, outstanding, slots);
  }

  /** The most of a few readings: what is finished but not committed yet is still in doubt. */
  private int slots(List<String> notifiers) throws IOException, InterruptedException {
    int sum = 0;
    for (String notifier : notifiers) {
      int most = 0;
      for (int i = 0; i < READINGS; i++) {
        Metrics.Reading reading = metrics.read(stack.port(notifier));
        most = Math.max(most, reading.slots());
        largestHeap = Math.max(largestHeap, reading.heapBytes());
      }
      sum += most;
    }
    return sum;
  }

  private void awaitMoving(LongSupplier count, long wanted) throws InterruptedException {
    long before = count.getAsLong();
    long since = System.nanoTime();
    for (long now = before; now < wanted; now = count.getAsLong()) {
      if (now > before) {
        before = now;
        since = System.nanoTime();
      } else if (System.nanoTime() - since > STANDSTILL.toNanos()) {
        throw new IllegalStateException(
            "Nothing has moved for %d s, with %d of %d deliveries made; %s"
                .formatted(STANDSTILL.toSeconds(), arrivals.settled(), deliveries, stack.ended()));
      }
      Thread.sleep(LOOK_EVERY);
    }
  }
}
