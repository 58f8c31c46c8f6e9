package io.tocsin.system.chaos;

import io.tocsin.avro.Channel;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the stand-ins took and refused: the truth of a run. Thread-safe; it lives in the process
 * that is not killed.
 */
final class Arrivals {

  private static final double TAIL = 0.1;

  private final Map<Channel, Counts> byChannel = new EnumMap<>(Channel.class);
  private final LongAdder settled = new LongAdder();
  private final LongAdder misdirected = new LongAdder();
  private final LongAdder doubts = new LongAdder();
  private long[] times = new long[4_096];
  private int messages;

  private record Counts(
      AtomicIntegerArray taken, AtomicIntegerArray tries, AtomicIntegerArray settled) {}

  Arrivals(int people) {
    for (Channel channel : Channel.values()) {
      byChannel.put(
          channel,
          new Counts(
              new AtomicIntegerArray(people),
              new AtomicIntegerArray(people),
              new AtomicIntegerArray(people)));
    }
  }

  /** Notes a try; how many there have been before. */
  int tried(Channel channel, int person) {
    return of(channel).tries().getAndIncrement(person);
  }

  /**
   * Notes that somebody got a message.
   *
   * @param genuine whether it shows that person's own reference or id
   */
  void taken(Channel channel, int person, boolean genuine) {
    if (!genuine) {
      misdirected.increment();
    }
    of(channel).taken().incrementAndGet(person);
    settle(channel, person);
    synchronized (this) {
      if (messages == times.length) {
        times = Arrays.copyOf(times, 2 * messages);
      }
      times[messages++] = System.nanoTime();
    }
  }

  /** Notes that a message was refused for good. */
  void refused(Channel channel, int person) {
    settle(channel, person);
  }

  /** Notes that the script leaves a sender in doubt. */
  void leftInDoubt() {
    doubts.increment();
  }

  /** How often somebody got the message of a channel. */
  int count(Channel channel, int person) {
    return of(channel).taken().get(person);
  }

  /** Deliveries of which no message is to come any more, unless repeated. */
  long settled() {
    return settled.sum();
  }

  /** Messages that are not their recipient's. */
  long misdirected() {
    return misdirected.sum();
  }

  /** How often the script left a sender in doubt. */
  long doubts() {
    return doubts.sum();
  }

  /** Messages taken so far. */
  synchronized int messages() {
    return messages;
  }

  /**
   * The longest time without a message, in ms, that begins between two readings of {@link
   * System#nanoTime()} and while at least {@value #TAIL} of the messages are still to come: those
   * that come last are repetitions, which wait by design.
   */
  synchronized long longestSilenceMillis(long from, long until) {
    long longest = 0;
    long last = from;
    for (int i = 0; i < messages * (1 - TAIL) && last <= until; i++) {
      if (times[i] > from) {
        longest = Math.max(longest, times[i] - last);
        last = times[i];
      }
    }
    return longest / 1_000_000;
  }

  private void settle(Channel channel, int person) {
    if (of(channel).settled().getAndSet(person, 1) == 0) {
      settled.increment();
    }
  }

  private Counts of(Channel channel) {
    return Objects.requireNonNull(byChannel.get(channel));
  }
}
