package io.tocsin.system.fault;

/** Decides what a {@link FaultySmtp} does, and hears what it did. Called by many threads. */
public interface SmtpScript {

  /** What is done with the message that begins with this RCPT. */
  SmtpFault next(String recipient);

  /**
   * A message was taken: its recipient has it, whatever the sender is told. Called before the
   * answer.
   *
   * @param messageId what its Message-ID header says, without the angle brackets; empty without one
   */
  void taken(String recipient, String messageId);

  /** Whether STARTTLS is offered on a new connection, and then breaks. */
  default boolean breaksTls() {
    return false;
  }
}
