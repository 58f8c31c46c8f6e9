package io.tocsin.system.fault;

/** Decides what a {@link FaultyTwilio} does, and hears what it did. Called by many threads. */
public interface TwilioScript {

  /** What is done with a POST to this number. */
  TwilioFault next(String to);

  /** A message was taken: its recipient has it, whatever the sender is told. */
  void taken(String to, String body);
}
