package io.tocsin.streams.intake;

import java.util.List;

/**
 * What becomes of something published.
 *
 * @param effect whether it is taken, and changes anything
 * @param reasons why it is refused, a sentence each; empty unless it is
 * @param warnings what deserves a look though it is taken, a sentence each
 */
public record Verdict(Effect effect, List<String> reasons, List<String> warnings) {

  /** What it changes. */
  public enum Effect {
    /** It is taken. */
    ACCEPTED,
    /** It was taken before, and changes nothing. */
    REPEATED,
    /** It is not taken. */
    REFUSED
  }

  public Verdict {
    reasons = List.copyOf(reasons);
    warnings = List.copyOf(warnings);
  }

  static Verdict of(List<String> reasons, List<String> warnings) {
    return reasons.isEmpty()
        ? new Verdict(Effect.ACCEPTED, List.of(), warnings)
        : new Verdict(Effect.REFUSED, reasons, List.of());
  }

  static Verdict repeated() {
    return new Verdict(Effect.REPEATED, List.of(), List.of());
  }

  /** Whether it is taken, now or before. */
  public boolean isAccepted() {
    return effect != Effect.REFUSED;
  }
}
