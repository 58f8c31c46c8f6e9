package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import io.tocsin.avro.CommandKind;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.avro.DeliveryState;
import io.tocsin.avro.User;
import io.tocsin.schemas.catalogue.Catalogue;
import io.tocsin.schemas.id.NoticeIds;
import io.tocsin.streams.dispatcher.EditionState.Texts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** One notice and its machine, with a clock of its own; every state passes its stored form. */
final class MachineBench {

  static final NoticeKey KEY = new NoticeKey(Samples.INCIDENT, "u-1");
  static final Texts TEXTS = new Texts("breach", "t1");

  final SendPolicy policy = Samples.settings(Map.of()).policy();
  final List<Effect> effects = new ArrayList<>();
  private final NoticeMachine machine = new NoticeMachine(policy, Catalogue.sample());
  private final Channel channel;
  NoticeState notice = NoticeState.EMPTY;
  long now = Samples.START;

  MachineBench(Channel channel) {
    this.channel = channel;
  }

  /** Lists and releases a user with this bench's channel alone. */
  static MachineBench sending(Channel channel) {
    MachineBench bench = new MachineBench(channel);
    bench.list(1, Samples.DATASET, "email");
    bench.release(1, bench.user());
    return bench;
  }

  User user() {
    return Samples.user("en", Samples.contact(channel, "a"));
  }

  MachineBench list(int version, String dataset, String... categories) {
    return apply(new NoticeEvent.Listed(version, dataset, Set.of(categories), 0));
  }

  MachineBench release(int version, User user) {
    return apply(
        new NoticeEvent.Released(version, TEXTS, Person.of(user), EnumSet.allOf(Channel.class)));
  }

  MachineBench apply(NoticeEvent event) {
    Step step = machine.apply(KEY, notice, event, now);
    notice = NoticeCodec.load(NoticeCodec.store(step.notice()));
    effects.addAll(step.effects());
    return this;
  }

  /** Whether the event would change anything or ask for anything. */
  boolean ignores(NoticeEvent event) {
    Step step = machine.apply(KEY, notice, event, now);
    return step.notice().isStill(notice) && step.effects().isEmpty();
  }

  NoticeEvent event(DeliveryEventKind kind, int attempt, int issue) {
    DeliveryEvent event = Samples.event(kind, deliveryId(), attempt, issue, now).build();
    return new NoticeEvent.Reported(event);
  }

  /** An outcome or receipt of the attempt issued last, or the answer to the question asked last. */
  NoticeEvent event(DeliveryEventKind kind) {
    ChannelDelivery delivery = delivery();
    boolean reissue = delivery.waiting() && delivery.attempt().issue() > 0;
    int attempt = delivery.attempt().number() + (reissue ? 1 : 0);
    int issue = delivery.attempt().issue() - (reissue ? 1 : 0);
    return switch (kind) {
      case FOUND, NOT_FOUND, UNAVAILABLE ->
          event(kind, Math.max(1, attempt), issue + delivery.tries().asks());
      case RECEIPT_DELIVERED, RECEIPT_BOUNCED, RECEIPT_UNDELIVERED ->
          event(kind, Math.max(1, attempt), -1);
      default -> event(kind, Math.max(1, attempt), issue);
    };
  }

  MachineBench report(DeliveryEventKind kind) {
    return apply(event(kind));
  }

  /** A receipt of the attempt issued last, which may be worth another attempt. */
  MachineBench report(DeliveryEventKind kind, boolean forNow) {
    DeliveryEvent receipt =
        Samples.event(kind, deliveryId(), delivery().attempt().number(), -1, now)
            .setRetryAfter(forNow ? Instant.ofEpochMilli(now) : null)
            .build();
    return apply(new NoticeEvent.Reported(receipt));
  }

  MachineBench report(DeliveryEventKind kind, int attempt, int issue) {
    return apply(event(kind, attempt, issue));
  }

  /** Lets time pass until something is due, and the timer fire. */
  MachineBench timeUp() {
    now = Math.max(now, notice.nextDue());
    return apply(new NoticeEvent.TimeUp());
  }

  EditionState last() {
    return Objects.requireNonNull(notice.last());
  }

  ChannelDelivery delivery() {
    return Objects.requireNonNull(last().delivery(channel));
  }

  DeliveryState state() {
    return delivery().state();
  }

  String deliveryId() {
    return NoticeIds.deliveryId(last().noticeId(), channel);
  }

  List<Effect.Command> commands() {
    return effects.stream()
        .filter(Effect.Command.class::isInstance)
        .map(Effect.Command.class::cast)
        .toList();
  }

  long sends() {
    return commands().stream().filter(each -> each.kind() == CommandKind.SEND).count();
  }

  Effect.Command lastCommand() {
    return commands().getLast();
  }

  List<String> words() {
    return effects.stream()
        .filter(Effect.Transition.class::isInstance)
        .map(effect -> ((Effect.Transition) effect).word())
        .toList();
  }
}
