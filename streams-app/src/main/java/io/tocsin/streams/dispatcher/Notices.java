package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import io.tocsin.avro.User;
import io.tocsin.streams.state.StoredNotice;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A partition's notices: every step is taken here, stored, counted, published, and its timer set.
 */
final class Notices {

  private static final int TIMERS_AT_ONCE = 64;

  private final KeyValueStore<String, StoredNotice> notices;
  private final KeyValueStore<String, String> noticeIds;
  private final KeyValueStore<String, byte[]> userIncidents;
  private final KeyValueStore<String, User> users;
  private final NoticeMachine machine;
  private final Incidents incidents;
  private final Timers timers;
  private final ReadyQueue ready;
  private final Pacer pacer;
  private final Announcer announcer;

  Notices(
      Stores stores,
      NoticeMachine machine,
      Incidents incidents,
      Timers timers,
      ReadyQueue ready,
      Pacer pacer,
      Announcer announcer) {
    this.notices = stores.notices();
    this.noticeIds = stores.noticeIds();
    this.userIncidents = stores.userIncidents();
    this.users = stores.users();
    this.machine = machine;
    this.incidents = incidents;
    this.timers = timers;
    this.ready = ready;
    this.pacer = pacer;
    this.announcer = announcer;
  }

  @Nullable NoticeState find(String key) {
    StoredNotice stored = notices.get(key);
    return stored == null ? null : NoticeCodec.load(stored);
  }

  /** The notice's key; null if there is no such notice. */
  @Nullable String keyOf(String noticeId) {
    return noticeIds.get(noticeId);
  }

  /** The incident's notices behind the given key, in the order of their keys; to be closed. */
  KeyValueIterator<String, StoredNotice> behind(String incidentId, String key) {
    return notices.range(
        key.isEmpty() ? NoticeKey.first(incidentId) : NoticeKey.after(key),
        NoticeKey.last(incidentId));
  }

  Person person(String userId) {
    return Person.of(users.get(userId));
  }

  /** Takes a user up who is affected for the first time. */
  NoticeState begin(NoticeKey key) {
    userIncidents.put(key.userId() + '\0' + key.incidentId(), Stores.PRESENT);
    return NoticeState.EMPTY.withLocale(person(key.userId()).locale());
  }

  /**
   * Takes a step.
   *
   * @param stored the notice as it is stored; null if it is not
   * @return the notice as it stands now
   */
  NoticeState apply(
      OpenIncident incident,
      NoticeKey key,
      @Nullable NoticeState stored,
      NoticeEvent event,
      long now) {
    NoticeState before = stored == null ? begin(key) : stored;
    NoticeState start = event instanceof NoticeEvent.TimeUp ? before.withTimer(0) : before;
    Step step = machine.apply(key, start, event, now);
    NoticeState after = step.notice();
    Tally tally = incident.tally();
    boolean uncounted = after.countedVersion() != tally.version() && after.last() != null;
    if (after.isStill(before) && !uncounted) {
      return before;
    }
    after = armed(key.toString(), after.counted(tally.version()));
    count(incident, before, after, stored == null);
    notices.put(key.toString(), NoticeCodec.store(after));
    if (after.editions().size() > before.editions().size()) {
      noticeIds.put(after.editions().getLast().noticeId(), key.toString());
    }
    for (Effect effect : step.effects()) {
      perform(incident, key, effect, now);
    }
    incidents.counted(incident);
    return lostAll(before, after)
        ? apply(incident, key, after, new NoticeEvent.PersonChanged(person(key.userId())), now)
        : after;
  }

  /**
   * Whether the person just went on the substitute list; the directory may know a contact that has
   * not failed.
   */
  private static boolean lostAll(NoticeState before, NoticeState after) {
    EditionState last = after.last();
    EditionState former = before.last();
    return last != null
        && last.substitute() != null
        && !last.deliveries().isEmpty()
        && (former == null || former.substitute() == null);
  }

  private void count(OpenIncident incident, NoticeState before, NoticeState after, boolean first) {
    Tally tally = incident.tally();
    for (Channel channel : Channel.values()) {
      pacer.outstanding(channel, -tally.outstanding(channel));
    }
    tally.count(first ? NoticeState.EMPTY : before, after, first);
    for (Channel channel : Channel.values()) {
      pacer.outstanding(channel, tally.outstanding(channel));
    }
  }

  private void perform(OpenIncident incident, NoticeKey key, Effect effect, long now) {
    switch (effect) {
      case Effect.Command command -> announcer.command(key, command);
      case Effect.Transition transition -> {
        if (transition.word().equals("accepted")) {
          incident.tally().acceptedAt(now);
        }
        announcer.transition(key, transition, now);
      }
      case Effect.Ready waiting -> ready(incident, waiting.channel(), key.toString());
    }
  }

  /** Lets a notice wait for its turn. */
  void ready(OpenIncident incident, Channel channel, String key) {
    ready.add(incident, channel, key);
    incidents.noticeWishes(incident);
  }

  /**
   * Sets the timer if it would fire too late; one that fires too early does no harm, and spares two
   * writes.
   */
  private NoticeState armed(String key, NoticeState notice) {
    long due = notice.nextDue();
    long set = notice.timerAt();
    if (due == 0 || (set != 0 && set <= due)) {
      return notice;
    }
    if (set != 0) {
      timers.clear(key, set);
    }
    timers.set(key, due);
    return notice.withTimer(due);
  }

  /** Lets timers fire. */
  void fire(long now, Budget budget) {
    boolean more = true;
    while (more && !budget.spent()) {
      List<Timers.Fired> fired = timers.take(now, TIMERS_AT_ONCE);
      more = fired.size() == TIMERS_AT_ONCE;
      for (Timers.Fired each : fired) {
        budget.spend();
        fire(each, now);
      }
    }
  }

  private void fire(Timers.Fired fired, long now) {
    NoticeState notice = find(fired.noticeKey());
    if (notice != null && notice.timerAt() == fired.at()) {
      NoticeKey key = NoticeKey.parse(fired.noticeKey());
      apply(incidents.get(key.incidentId()), key, notice, new NoticeEvent.TimeUp(), now);
    }
  }

  static NoticeState load(StoredNotice stored) {
    return NoticeCodec.load(Objects.requireNonNull(stored));
  }
}
