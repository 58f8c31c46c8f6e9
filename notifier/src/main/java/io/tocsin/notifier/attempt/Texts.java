package io.tocsin.notifier.attempt;

import io.tocsin.notifier.text.Renderer;
import java.util.Optional;

/** The compiled texts of notices. Thread-safe. */
@FunctionalInterface
public interface Texts {

  /**
   * Texts by id and version; empty if they do not exist. Waits, while they are unknown, until what
   * has been published so far is read.
   */
  Optional<Renderer> find(String templateId, String version);
}
