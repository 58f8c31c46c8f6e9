package io.tocsin.schemas.part;

import java.util.Optional;

/** A running part of Tocsin: intake, identifier, dispatcher or notifier. */
public interface Part extends AutoCloseable {

  /** The part's name, as its command has it. */
  String name();

  /** Why this process should be restarted; empty while it should be left alone. */
  Optional<String> unhealthy();

  /** Why it does not do its work; empty while it does. */
  Optional<String> unready();

  /** Finishes what is in flight and stops. */
  @Override
  void close();
}
