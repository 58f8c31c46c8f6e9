package io.tocsin.streams;

import io.tocsin.schemas.config.TocsinConfig;
import org.apache.kafka.clients.admin.Admin;

/**
 * What a part makes sure of before it starts, once the brokers answer: that the topics are as they
 * should be.
 */
@FunctionalInterface
public interface StartCheck {

  /** Makes sure of nothing. */
  StartCheck NONE = (admin, config) -> {};

  /**
   * Checks.
   *
   * @throws PartStartException saying what is wrong and what to do
   */
  void run(Admin admin, TocsinConfig config);
}
