package io.tocsin.notifier.attempt;

import java.util.Optional;

/** Says, immediately before the first byte of a message goes out, whether it still may. */
@FunctionalInterface
public interface StartGate {

  /** Why the attempt must not start; empty if it may. */
  Optional<Outcome> refusal();
}
