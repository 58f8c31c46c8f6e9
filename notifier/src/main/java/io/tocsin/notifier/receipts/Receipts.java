package io.tocsin.notifier.receipts;

import io.tocsin.avro.DeliveryEvent;
import java.util.concurrent.CompletionStage;

/** Where receipts go. */
@FunctionalInterface
public interface Receipts {

  /**
   * Writes a receipt to a partition of delivery-events, keyed by its delivery.
   *
   * @return done when Kafka has acknowledged it, failed if it could not be written
   */
  CompletionStage<?> write(int usersPartition, DeliveryEvent receipt);
}
