package io.tocsin.cli.sample;

import java.util.List;
import java.util.Random;

/**
 * Chance for one person and purpose. Built on {@link Random}, whose numbers Java fixes for ever, so
 * a seed gives the same sample on every machine.
 */
final class Dice {

  private final Random random;

  Dice(long seed, int index, Purpose purpose) {
    this.random = new Random(mix(seed ^ mix(index * 4L + purpose.ordinal())));
  }

  /**
   * What chance decides; each has its own dice, so that a change of one leaves the others as they
   * were.
   */
  enum Purpose {
    PERSON,
    CONTACTS,
    HOLDINGS
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  double fraction() {
    return random.nextDouble();
  }

  <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  /**
   * Spreads neighbouring numbers over all 64 bits; {@code Random} alone begins alike for seeds that
   * are close.
   */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
