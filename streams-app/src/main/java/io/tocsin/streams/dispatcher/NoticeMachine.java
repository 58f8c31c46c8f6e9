package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import io.tocsin.avro.DeliveryState;
import io.tocsin.avro.SealedContact;
import io.tocsin.schemas.catalogue.Catalogue;
import io.tocsin.schemas.id.NoticeIds;
import io.tocsin.streams.dispatcher.NoticeEvent.Closed;
import io.tocsin.streams.dispatcher.NoticeEvent.Listed;
import io.tocsin.streams.dispatcher.NoticeEvent.PersonChanged;
import io.tocsin.streams.dispatcher.NoticeEvent.Released;
import io.tocsin.streams.dispatcher.NoticeEvent.Reported;
import io.tocsin.streams.dispatcher.NoticeEvent.Settled;
import io.tocsin.streams.dispatcher.NoticeEvent.TimeUp;
import io.tocsin.streams.dispatcher.NoticeState.Entry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The life of a notice (design.md section 6): an event in, the new state and what is to be done
 * out. Plain and pure: the same notice, event and time give the same step. An event that is late,
 * repeated or out of order changes nothing it should not.
 */
final class NoticeMachine {

  private final DeliveryMachine deliveries;
  private final Catalogue catalogue;

  NoticeMachine(SendPolicy policy, Catalogue catalogue) {
    this.deliveries = new DeliveryMachine(policy);
    this.catalogue = catalogue;
  }

  /**
   * Takes a step.
   *
   * @param key whose notice of which incident
   * @param notice as it stands
   * @param now epoch ms
   */
  Step apply(NoticeKey key, NoticeState notice, NoticeEvent event, long now) {
    Turn turn = new Turn(notice, now);
    switch (event) {
      case Listed listed -> list(turn, listed);
      case Settled settled -> settle(turn, settled.version());
      case Closed closed -> close(turn, key, closed);
      case Released released -> release(turn, key, released);
      case PersonChanged changed -> personChanged(turn, changed.person());
      case Reported reported -> report(turn, reported);
      case TimeUp ignored -> timeUp(turn);
    }
    return turn.done();
  }

  private static void list(Turn turn, Listed listed) {
    NoticeState notice = turn.notice();
    List<Entry> entries = new ArrayList<>();
    Set<String> categories = new HashSet<>(listed.categories());
    for (Entry entry : notice.entries()) {
      if (entry.version() == listed.version() && entry.dataset().equals(listed.dataset())) {
        categories.addAll(entry.categories());
      } else if (entry.version() >= listed.oldest()) {
        entries.add(entry);
      }
    }
    entries.add(new Entry(listed.version(), listed.dataset(), Set.copyOf(categories)));
    if (!Set.copyOf(entries).equals(Set.copyOf(notice.entries()))) {
      turn.put(notice.withEntries(List.copyOf(entries)));
    }
  }

  private void settle(Turn turn, int version) {
    EditionState last = turn.notice().last();
    if (last != null && last.closed() == null && !turn.notice().affectedBy(version)) {
      close(turn, last, Closure.OUT_OF_SCOPE);
    }
  }

  private void close(Turn turn, NoticeKey key, Closed closed) {
    EditionState last = turn.notice().last();
    if (last == null && turn.notice().affectedBy(closed.version())) {
      plan(turn, key, closed.version(), closed.person());
    }
    last = turn.notice().last();
    if (last != null && last.closed() == null) {
      close(turn, last, closed.closure());
    }
  }

  /** Stops what has not started; never rewrites what is under way. */
  private void close(Turn turn, EditionState edition, Closure closure) {
    if (edition.deliveries().isEmpty()) {
      turn.move(edition.withClosed(closure), closure.word());
    } else {
      turn.put(edition.withClosed(closure));
    }
    for (ChannelDelivery delivery : edition.deliveries()) {
      deliveries.close(turn, edition.number(), delivery, closure);
    }
  }

  private void release(Turn turn, NoticeKey key, Released released) {
    NoticeState notice = turn.notice();
    int version = released.version();
    if (!notice.affectedBy(version)) {
      return;
    }
    EditionState last = notice.last();
    if (last == null) {
      plan(turn, key, version, released.person());
    } else if (!last.told()) {
      refresh(turn, last, version, released.person());
    } else if (notice.namesTooLittle(version)) {
      close(turn, last, Closure.SUPERSEDED);
      plan(turn, key, version, released.person());
    } else if (last.closed() != null) {
      turn.put(last.withClosed(null));
      reopenStopped(turn, last);
    }
    for (Channel channel : released.channels()) {
      issue(turn, released, channel);
    }
  }

  private void issue(Turn turn, Released released, Channel channel) {
    EditionState last = turn.notice().editions().getLast();
    ChannelDelivery delivery = last.delivery(channel);
    if (delivery == null || !delivery.releasable()) {
      return;
    }
    SealedContact contact = released.person().contact(channel);
    if (contact == null) {
      deliveries.unreachable(turn, last.number(), delivery, released.person().missing());
      return;
    }
    turn.put(last.withTexts(released.texts()));
    deliveries.issue(turn, last.number(), delivery, contact);
  }

  /**
   * A first edition, or the next one: a delivery for every channel the person has, or a place on
   * the list.
   */
  private void plan(Turn turn, NoticeKey key, int version, Person person) {
    int number = turn.notice().editions().size() + 1;
    String substitute = person.contacts().isEmpty() ? person.missing() : null;
    turn.put(turn.notice().withLocale(person.locale()));
    turn.move(
        new EditionState(
            number,
            NoticeIds.noticeId(key.incidentId(), key.userId(), number),
            version,
            person.locale(),
            named(turn.notice(), version),
            null,
            person.contacts().keySet().stream().map(ChannelDelivery::planned).toList(),
            substitute,
            null),
        "planned");
  }

  /** Brings an edition that nobody was told up to date. */
  private void refresh(Turn turn, EditionState last, int version, Person person) {
    List<String> categories = named(turn.notice(), version);
    if (last.closed() == null
        && last.version() == version
        && last.categories().equals(categories)
        && last.locale().equals(person.locale())) {
      return;
    }
    turn.put(turn.notice().withLocale(person.locale()));
    turn.move(last.withContent(version, person, categories), "planned");
    reopenStopped(turn, last);
    adopt(turn, person);
  }

  /** What was stopped goes on, now that a later version touches the person again. */
  private void reopenStopped(Turn turn, EditionState last) {
    for (ChannelDelivery delivery : last.deliveries()) {
      if (delivery.state() == DeliveryState.CANCELLED
          || delivery.state() == DeliveryState.NOT_NEEDED) {
        deliveries.reopen(turn, last.number(), delivery);
      }
    }
  }

  private List<String> named(NoticeState notice, int version) {
    return catalogue.inOrder(notice.categories(version));
  }

  private void personChanged(Turn turn, Person person) {
    EditionState last = turn.notice().last();
    if (last == null || !last.told()) {
      turn.put(turn.notice().withLocale(person.locale()));
    }
    if (last == null) {
      return;
    }
    for (ChannelDelivery delivery : last.deliveries()) {
      if (delivery.waiting() && person.contact(delivery.channel()) == null) {
        deliveries.unreachable(turn, last.number(), delivery, person.missing());
      }
    }
    adopt(turn, person);
  }

  /** Takes up contacts that have not failed yet, unless the person was told or need not be. */
  private void adopt(Turn turn, Person person) {
    EditionState last = turn.notice().editions().getLast();
    if (last.closed() != null || last.gotThrough()) {
      return;
    }
    person
        .contacts()
        .forEach((channel, contact) -> {
          ChannelDelivery delivery = last.delivery(channel);
          if (delivery == null) {
            turn.move(last.number(), ChannelDelivery.planned(channel), "planned");
            turn.ready(channel);
          } else if (delivery.state() == DeliveryState.UNREACHABLE
              && !DeliveryMachine.sameContact(delivery, contact)) {
            deliveries.reopen(turn, last.number(), delivery);
            turn.ready(channel);
          }
        });
  }

  private void report(Turn turn, Reported reported) {
    String deliveryId = reported.event().getDeliveryId();
    EditionState edition = turn.notice().edition(NoticeIds.noticeIdOf(deliveryId));
    ChannelDelivery delivery =
        edition == null ? null : edition.delivery(NoticeIds.channelOf(deliveryId));
    if (edition != null && delivery != null) {
      deliveries.reported(turn, edition.number(), delivery, reported.event());
      stopIfOver(turn, edition.number(), delivery.channel());
    }
  }

  private void timeUp(Turn turn) {
    for (EditionState edition : turn.notice().editions()) {
      for (ChannelDelivery delivery : edition.deliveries()) {
        deliveries.timeUp(turn, edition.number(), delivery);
        stopIfOver(turn, edition.number(), delivery.channel());
      }
    }
  }

  /** An attempt that has come to nothing is not repeated once its edition is closed. */
  private void stopIfOver(Turn turn, int number, Channel channel) {
    Closure closed = turn.edition(number).closed();
    if (closed != null) {
      deliveries.close(turn, number, turn.delivery(number, channel), closed);
    }
  }

  static Stream<ChannelDelivery> allDeliveries(NoticeState notice) {
    return notice.editions().stream().flatMap(edition -> edition.deliveries().stream());
  }
}
