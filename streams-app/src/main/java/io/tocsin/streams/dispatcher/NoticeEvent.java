package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import io.tocsin.avro.DeliveryEvent;
import java.util.Set;

/** What happens to a notice. */
sealed interface NoticeEvent {

  /**
   * An affected entry.
   *
   * @param version the incident version that says so
   * @param dataset the dataset
   * @param categories what was exposed there
   * @param oldest entries of versions before this one are of no more use
   */
  record Listed(int version, String dataset, Set<String> categories, int oldest)
      implements NoticeEvent {}

  /** This version is identified: whoever it does not touch is not told any more. */
  record Settled(int version) implements NoticeEvent {}

  /**
   * An operator closed the incident.
   *
   * @param version the version closed
   */
  record Closed(int version, Closure closure, Person person) implements NoticeEvent {}

  /**
   * There is room for it, and it may go out.
   *
   * @param version the version approved
   * @param channels where there is room
   */
  record Released(int version, EditionState.Texts texts, Person person, Set<Channel> channels)
      implements NoticeEvent {}

  /** The user's record changed, or is looked at again. */
  record PersonChanged(Person person) implements NoticeEvent {}

  /** An outcome or a receipt. */
  record Reported(DeliveryEvent event) implements NoticeEvent {}

  /** A timer fired, perhaps early. */
  record TimeUp() implements NoticeEvent {}
}
