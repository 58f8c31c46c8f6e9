package io.tocsin.system.simulation;

import java.util.PriorityQueue;
import java.util.Random;

/** Virtual time, chance, and what is going to happen. The same seed gives the same world. */
final class World {

  private static final int MOST_HAPPENINGS = 500_000;

  private record Happening(long at, long order, Runnable run) {}

  private final Random random;
  private final PriorityQueue<Happening> happenings =
      new PriorityQueue<>(
          (a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.order, b.order));
  private final long start;
  private final int danger;
  private long now;
  private long order;
  private int disasters;

  /**
   * A world in which nothing is going to happen yet.
   *
   * @param start epoch ms
   */
  World(long seed, long start) {
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
    this.start = start;
    this.now = start;
    this.danger = new int[] {15, 40, 120, Integer.MAX_VALUE}[random.nextInt(4)];
    this.disasters = random.nextInt(7);
  }

  /** Epoch ms by the only clock that is right. */
  long now() {
    return now;
  }

  long start() {
    return start;
  }

  boolean oneIn(int chances) {
    return random.nextInt(chances) == 0;
  }

  /** From 0, exclusive of the bound. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** Mostly short, now and then long: the way networks and schedulers are late. */
  long late(int usual, int seldom) {
    return oneIn(20) ? random.nextInt(seldom) : random.nextInt(usual);
  }

  /** Whether something dies here; there are only so many disasters in a world. */
  boolean disaster() {
    if (disasters == 0 || random.nextInt(danger) > 0) {
      return false;
    }
    disasters--;
    return true;
  }

  void in(long delay, Runnable run) {
    happenings.add(new Happening(now + delay, order++, run));
  }

  /** Lets everything happen until nothing is left to happen. */
  void run() {
    while (!happenings.isEmpty()) {
      next();
    }
  }

  /** Lets time pass; may be called from within a happening that waits. */
  void pass(long time) {
    long until = now + time;
    while (!happenings.isEmpty() && happenings.peek().at <= until) {
      next();
    }
    now = Math.max(now, until);
  }

  private void next() {
    Happening next = happenings.remove();
    now = Math.max(now, next.at);
    if (order > MOST_HAPPENINGS) {
      throw new AssertionError("It never ends");
    }
    next.run.run();
  }
}
