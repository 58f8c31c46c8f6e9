package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import io.tocsin.streams.dispatcher.IncidentState.Approval;
import io.tocsin.streams.dispatcher.IncidentState.Walks;
import io.tocsin.streams.state.StoredNotice;
import java.util.EnumSet;
import java.util.Set;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * Issues what may go out, as far as there is room: incidents take turns, channels do not wait for
 * each other, and what is ready again goes before those who have not had their turn.
 */
final class Releaser {

  /** How many people an incident may release before the next one has its turn. */
  private static final int TURN = 32;

  private final Incidents incidents;
  private final Notices notices;
  private final ReadyQueue ready;
  private final Pacer pacer;

  Releaser(Incidents incidents, Notices notices, ReadyQueue ready, Pacer pacer) {
    this.incidents = incidents;
    this.notices = notices;
    this.ready = ready;
    this.pacer = pacer;
  }

  /** Fills the windows. */
  void refill(Budget budget, long now) {
    int idle = 0;
    while (!budget.spent() && idle <= incidents.releasableCount() && !roomy().isEmpty()) {
      OpenIncident incident = incidents.nextReleasable();
      if (incident == null) {
        return;
      }
      idle = serve(incident, budget, now) ? 0 : idle + 1;
      incidents.noticeWishes(incident);
    }
  }

  private Set<Channel> roomy() {
    Set<Channel> roomy = EnumSet.noneOf(Channel.class);
    for (Channel channel : Channel.values()) {
      if (pacer.room(channel) > 0) {
        roomy.add(channel);
      }
    }
    return roomy;
  }

  /** Gives an incident its turn; whether it used it. */
  private boolean serve(OpenIncident incident, Budget budget, long now) {
    Approval approval = incident.state().releasing();
    if (approval == null) {
      return false;
    }
    boolean moved = false;
    for (Channel channel : roomy()) {
      moved |= releaseReady(incident, approval, channel, budget, now);
    }
    moved |= walk(incident, approval, budget, now);
    holdAfterCanary(incident);
    return moved;
  }

  private boolean releaseReady(
      OpenIncident incident, Approval approval, Channel channel, Budget budget, long now) {
    boolean moved = false;
    for (String key : ready.first(incident, channel, TURN)) {
      NoticeState notice = notices.find(key);
      boolean wanted = notice != null && notice.wants(approval.version(), Set.of(channel));
      if (wanted && (pacer.room(channel) <= 0 || budget.spent())) {
        waitAt(incident, channel, key);
        return moved;
      }
      if (wanted && notice != null) {
        if (!mayBegin(incident, notice, approval)) {
          incident.blocked().add(channel);
          waitAt(incident, channel, key);
          return moved;
        }
        release(incident, approval, NoticeKey.parse(key), notice, Set.of(channel), now);
        budget.spend();
      }
      ready.remove(channel, key);
      moved = true;
    }
    return moved;
  }

  private static void waitAt(OpenIncident incident, Channel channel, String key) {
    String from = incident.readyFrom(channel);
    if (from == null || NoticeKey.compare(key, from) < 0) {
      incident.readyFrom(channel, key);
    }
  }

  private boolean walk(OpenIncident incident, Approval approval, Budget budget, long now) {
    Set<Channel> channels = roomy();
    Walks walks = incident.state().walks();
    channels.removeIf(
        channel -> walks.release(channel) == null || incident.blocked().contains(channel));
    if (channels.isEmpty()) {
      return false;
    }
    String email = walks.email();
    String sms = walks.sms();
    String until = null;
    if (channels.size() > 1 && email != null && sms != null && !email.equals(sms)) {
      // The one behind catches up alone, so that from there on one look at each notice serves both.
      boolean emailBehind = NoticeKey.compare(email, sms) < 0;
      channels.remove(emailBehind ? Channel.SMS : Channel.EMAIL);
      until = emailBehind ? sms : email;
    }
    String from = walks.release(channels.iterator().next());
    String to = walk(incident, approval, channels, from == null ? "" : from, until, budget, now);
    IncidentState state = incident.state();
    Walks moved = state.walks();
    for (Channel channel : channels) {
      moved = moved.released(channel, to);
    }
    if (!moved.equals(state.walks())) {
      incidents.change(incident, state.with(moved));
      return true;
    }
    return false;
  }

  /** Walks on; returns the last key done, or null at the end. */
  private @Nullable String walk(
      OpenIncident incident,
      Approval approval,
      Set<Channel> channels,
      String from,
      @Nullable String until,
      Budget budget,
      long now) {
    String at = from;
    int people = 0;
    try (KeyValueIterator<String, StoredNotice> rest = notices.behind(incident.id(), from)) {
      while (rest.hasNext()) {
        if (people >= TURN || budget.spent() || !roomy().containsAll(channels)) {
          return at;
        }
        if (until != null && NoticeKey.compare(rest.peekNextKey(), until) > 0) {
          return until;
        }
        KeyValue<String, StoredNotice> entry = rest.next();
        NoticeState notice = Notices.load(entry.value);
        budget.spend();
        if (notice.wants(approval.version(), channels)) {
          if (!mayBegin(incident, notice, approval)) {
            incident.blocked().addAll(channels);
            return at;
          }
          release(incident, approval, NoticeKey.parse(entry.key), notice, channels, now);
          people++;
        }
        at = entry.key;
      }
    }
    return null;
  }

  private static boolean mayBegin(OpenIncident incident, NoticeState notice, Approval approval) {
    return incident.state().canaryLeft() != 0 || !notice.begins(approval.version());
  }

  private void release(
      OpenIncident incident,
      Approval approval,
      NoticeKey key,
      NoticeState notice,
      Set<Channel> channels,
      long now) {
    boolean begins = notice.begins(approval.version());
    notices.apply(
        incident,
        key,
        notice,
        new NoticeEvent.Released(
            approval.version(), approval.texts(), notices.person(key.userId()), channels),
        now);
    IncidentState state = incident.state();
    if (begins && state.canaryLeft() > 0) {
      incidents.change(incident, state.withHeld(state.held(), state.canaryLeft() - 1));
    }
  }

  /** Once the canary's share is out on every channel, everything else waits for an operator. */
  private void holdAfterCanary(OpenIncident incident) {
    IncidentState state = incident.state();
    if (state.canaryLeft() != 0 || incident.blocked().isEmpty()) {
      return;
    }
    for (Channel channel : Channel.values()) {
      if (state.walks().release(channel) != null && !incident.blocked().contains(channel)) {
        return;
      }
    }
    incidents.change(incident, state.withHeld(true, IncidentState.EVERYBODY));
  }
}
