package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import io.tocsin.avro.CommandKind;
import io.tocsin.avro.SealedContact;
import org.jspecify.annotations.Nullable;

/** What a notice's step asks for. */
sealed interface Effect {

  /**
   * A command to the notifier.
   *
   * @param edition as it then stands
   * @param attemptedAt when the attempt asked about was issued, in epoch ms; 0 with SEND
   */
  record Command(
      EditionState edition,
      CommandKind kind,
      Channel channel,
      int attempt,
      int issue,
      SealedContact contact,
      long notAfter,
      long attemptedAt)
      implements Effect {}

  /**
   * A transition to publish.
   *
   * @param edition as it stands after it
   * @param word what happened
   * @param channel to which channel, if to one
   */
  record Transition(EditionState edition, String word, @Nullable Channel channel)
      implements Effect {}

  /** The channel's delivery waits for its turn. */
  record Ready(Channel channel) implements Effect {}
}
