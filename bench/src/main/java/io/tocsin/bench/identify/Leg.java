package io.tocsin.bench.identify;

import java.util.Locale;

/** A part of the measurement that can be left out. */
enum Leg {
  /** The foreign-key join. */
  FK_JOIN,
  /** The bare producer. */
  PRODUCER,
  /** PostgreSQL. */
  POSTGRES,
  /** The same scan in a store that holds little else. */
  SMALL_STORE,
  /** Input while a scan runs. */
  INPUT,
  /** Restarts. */
  RESTART;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
