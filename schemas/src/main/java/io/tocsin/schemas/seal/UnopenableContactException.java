package io.tocsin.schemas.seal;

/** A sealed contact cannot be opened. The message names the user, never the contact. */
public final class UnopenableContactException extends Exception {

  private static final long serialVersionUID = 1L;

  UnopenableContactException(String userId, Throwable cause) {
    // The cause's own message is left out: a parser's or a cipher's words are not ours to vouch
    // for.
    super(
        "The sealed contact of user "
            + userId
            + " cannot be opened ("
            + cause.getClass().getSimpleName()
            + ")");
  }
}
