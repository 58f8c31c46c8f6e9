package io.tocsin.cli.imports;

/** A row cannot be loaded. The message says why, and never quotes what could be a contact. */
final class InvalidRowException extends Exception {

  private static final long serialVersionUID = 1L;

  InvalidRowException(String reason) {
    super(reason, null, false, false);
  }

  /** Why. */
  String reason() {
    return String.valueOf(getMessage());
  }
}
