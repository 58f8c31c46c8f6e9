package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import io.tocsin.avro.CommandKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A step being taken: the notice as it stands so far, and what is to be done. */
final class Turn {

  private final List<Effect> effects = new ArrayList<>();
  private final long now;
  private NoticeState notice;

  Turn(NoticeState notice, long now) {
    this.notice = notice;
    this.now = now;
  }

  long now() {
    return now;
  }

  NoticeState notice() {
    return notice;
  }

  Step done() {
    return new Step(notice, List.copyOf(effects));
  }

  EditionState edition(int number) {
    return notice.editions().get(number - 1);
  }

  ChannelDelivery delivery(int number, Channel channel) {
    return Objects.requireNonNull(edition(number).delivery(channel));
  }

  void put(NoticeState changed) {
    notice = changed;
  }

  /** Changes an edition without a word. */
  void put(EditionState edition) {
    notice = notice.with(edition);
  }

  /** Changes a delivery without a word. */
  void put(int edition, ChannelDelivery delivery) {
    put(edition(edition).with(delivery));
  }

  /** Changes an edition and says so. */
  void move(EditionState edition, String word) {
    put(edition);
    effects.add(new Effect.Transition(edition(edition.number()), word, null));
  }

  /** Changes a delivery and says so. */
  void move(int edition, ChannelDelivery delivery, String word) {
    put(edition, delivery);
    effects.add(new Effect.Transition(edition(edition), word, delivery.channel()));
  }

  /** Asks the notifier to make the delivery's attempt, or to ask about it. */
  void command(
      int edition,
      ChannelDelivery delivery,
      CommandKind kind,
      int issue,
      long notAfter,
      long attemptedAt) {
    effects.add(
        new Effect.Command(
            edition(edition),
            kind,
            delivery.channel(),
            delivery.attempt().number(),
            issue,
            Objects.requireNonNull(delivery.attempt().contact()),
            notAfter,
            attemptedAt));
  }

  void ready(Channel channel) {
    effects.add(new Effect.Ready(channel));
  }
}
