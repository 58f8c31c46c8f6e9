package io.tocsin.cli.stack;

/** The embedded stack cannot do what was asked; the message is one sentence for the operator. */
public final class StackException extends Exception {

  private static final long serialVersionUID = 1L;

  public StackException(String message) {
    super(message);
  }

  public StackException(String message, Throwable cause) {
    super(message, cause);
  }
}
