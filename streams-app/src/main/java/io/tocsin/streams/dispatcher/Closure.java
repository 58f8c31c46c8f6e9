package io.tocsin.streams.dispatcher;

import io.tocsin.avro.DeliveryState;

/**
 * That, how and why nothing more goes out.
 *
 * @param state what deliveries that have not started become: CANCELLED or NOT_NEEDED
 * @param reason the reason they carry
 */
record Closure(DeliveryState state, String reason) {

  /** An operator cancelled the incident. */
  static final Closure CANCELLED = new Closure(DeliveryState.CANCELLED, "cancelled");

  /** The latest version does not touch this user. */
  static final Closure OUT_OF_SCOPE = new Closure(DeliveryState.CANCELLED, "scope");

  /** A later edition says all of it. */
  static final Closure SUPERSEDED = new Closure(DeliveryState.CANCELLED, "superseded");

  Closure {
    if (state != DeliveryState.CANCELLED && state != DeliveryState.NOT_NEEDED) {
      throw new IllegalArgumentException("Not the state of what was never started: " + state);
    }
  }

  /** The transition's word. */
  String word() {
    return state == DeliveryState.CANCELLED ? "cancelled" : "not-needed";
  }
}
