package io.tocsin.streams.dispatcher;

import io.tocsin.avro.AffectedEvent;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DispatchControl;
import io.tocsin.avro.User;
import org.jspecify.annotations.Nullable;

/** A record of any of the topics the dispatcher reads. */
sealed interface Input {

  /** A user's record; null when it is gone. */
  record OfUser(@Nullable User user) implements Input {}

  /** Who is affected, and end markers. */
  record OfAffected(AffectedEvent event) implements Input {}

  /** Accepted versions and decisions. */
  record OfControl(DispatchControl control) implements Input {}

  /** Outcomes and receipts. */
  record OfDelivery(DeliveryEvent event) implements Input {}
}
