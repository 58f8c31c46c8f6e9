package io.tocsin.schemas.topic;

import org.jspecify.annotations.Nullable;

/**
 * The topics are not as the catalogue and the configuration want them. The message says which, how,
 * and what to do.
 */
public final class TopicsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TopicsException(String message) {
    this(message, null);
  }

  TopicsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
