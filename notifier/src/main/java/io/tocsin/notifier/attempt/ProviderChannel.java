package io.tocsin.notifier.attempt;

import io.tocsin.avro.SendCommand;
import io.tocsin.notifier.text.Renderer;
import io.tocsin.schemas.contact.Contact;

/** A way to people through one provider. Thread-safe; calls block. */
public interface ProviderChannel extends AutoCloseable {

  /** The provider's name, as events show it. */
  String provider();

  /**
   * Renders a message and makes it ready to go; nothing is sent.
   *
   * @throws RuntimeException if no message can be made of these texts
   */
  Prepared prepare(SendCommand command, Contact contact, Renderer texts);

  /** Asks the provider whether it has the message of an attempt. */
  Outcome reconcile(SendCommand command, Contact contact);

  /** Closes every connection. */
  @Override
  void close();

  /** A message ready to go. */
  interface Prepared {

    /** SHA-256, in lower hex, of the message as rendered. */
    String renderedHash();

    /**
     * Makes the attempt: at most one message leaves, however often the network fails.
     *
     * @param gate asked immediately before the first byte of the message; its refusal becomes the
     *     outcome
     */
    Outcome send(StartGate gate);
  }
}
