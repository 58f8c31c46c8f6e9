package io.tocsin.schemas.contact;

/** A contact that no provider could take. The message says why, and never quotes the contact. */
public final class InvalidContactException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  InvalidContactException(String message) {
    super(message);
  }
}
