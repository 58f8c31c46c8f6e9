package io.tocsin.streams;

import org.jspecify.annotations.Nullable;

/** A part cannot start; the message says in one sentence why, and what to do. */
public final class PartStartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Says why. */
  public PartStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
