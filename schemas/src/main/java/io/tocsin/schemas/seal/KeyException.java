package io.tocsin.schemas.seal;

/** A key is missing, or is not what it should be. The message names the file and what to do. */
public final class KeyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  KeyException(String message, Throwable cause) {
    super(message, cause);
  }
}
