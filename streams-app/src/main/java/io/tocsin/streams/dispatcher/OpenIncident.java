package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An incident in its task's memory: what is stored, and hints that can be found again. */
final class OpenIncident {

  private final String id;
  private final Tally tally;
  private final Map<Channel, String> readyFrom = new EnumMap<>(Channel.class);
  private final Set<Channel> blocked = EnumSet.noneOf(Channel.class);
  private IncidentState state;
  private long reportedAt;
  private boolean queued;

  OpenIncident(String id, IncidentState state, Tally tally) {
    this.id = id;
    this.state = state;
    this.tally = tally;
    for (Channel channel : Channel.values()) {
      readyFrom.put(channel, NoticeKey.first(id));
    }
  }

  String id() {
    return id;
  }

  IncidentState state() {
    return state;
  }

  void state(IncidentState changed) {
    state = changed;
  }

  Tally tally() {
    return tally;
  }

  /** Before this key nothing is ready; null when nothing is. */
  @Nullable String readyFrom(Channel channel) {
    return readyFrom.get(channel);
  }

  void readyFrom(Channel channel, @Nullable String key) {
    if (key == null) {
      readyFrom.remove(channel);
    } else {
      readyFrom.put(channel, key);
    }
  }

  /** Channels whose walk stands before somebody whom the canary does not cover. */
  Set<Channel> blocked() {
    return blocked;
  }

  boolean hasWork() {
    return state.walks().email() != null || state.walks().sms() != null || !readyFrom.isEmpty();
  }

  long reportedAt() {
    return reportedAt;
  }

  void reportedAt(long at) {
    reportedAt = at;
  }

  boolean queued() {
    return queued;
  }

  void queued(boolean is) {
    queued = is;
  }
}
