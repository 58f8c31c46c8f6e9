package io.tocsin.streams.dispatcher;

import io.tocsin.streams.state.StoredIncident;
import io.tocsin.streams.state.StoredTally;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** A partition's incidents, in memory and in the store, and which of them want something. */
final class Incidents {

  private final KeyValueStore<String, StoredIncident> states;
  private final KeyValueStore<String, StoredTally> tallies;
  private final Map<String, OpenIncident> open = new HashMap<>();
  private final Deque<OpenIncident> releasable = new ArrayDeque<>();
  private final Set<OpenIncident> sweeping = new LinkedHashSet<>();
  private final Set<OpenIncident> unreported = new LinkedHashSet<>();

  Incidents(Stores stores) {
    this.states = stores.incidents();
    this.tallies = stores.tallies();
    Map<String, Tally> counts = new HashMap<>();
    try (KeyValueIterator<String, StoredTally> all = tallies.all()) {
      while (all.hasNext()) {
        KeyValue<String, StoredTally> entry = all.next();
        counts.put(entry.key, IncidentCodec.load(entry.value));
      }
    }
    try (KeyValueIterator<String, StoredIncident> all = states.all()) {
      while (all.hasNext()) {
        KeyValue<String, StoredIncident> entry = all.next();
        Tally tally = counts.remove(entry.key);
        add(entry.key, IncidentCodec.load(entry.value), tally == null ? new Tally() : tally);
      }
    }
    counts.forEach((id, tally) -> add(id, IncidentState.NEW, tally));
  }

  private OpenIncident add(String id, IncidentState state, Tally tally) {
    OpenIncident incident = new OpenIncident(id, state, tally);
    open.put(id, incident);
    unreported.add(incident);
    noticeWishes(incident);
    return incident;
  }

  /** The incident, even if nothing is known of it yet. */
  OpenIncident get(String id) {
    OpenIncident known = open.get(id);
    return known == null ? add(id, IncidentState.NEW, new Tally()) : known;
  }

  Collection<OpenIncident> all() {
    return List.copyOf(open.values());
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  void change(OpenIncident incident, IncidentState changed) {
    if (!changed.isStill(incident.state())) {
      incident.state(changed);
      states.put(incident.id(), IncidentCodec.store(changed));
      unreported.add(incident);
      noticeWishes(incident);
    }
  }

  /** The incident's counts changed. */
  void counted(OpenIncident incident) {
    tallies.put(incident.id(), IncidentCodec.store(incident.tally()));
    unreported.add(incident);
  }

  /** The incident may have something to release. */
  void noticeWishes(OpenIncident incident) {
    if (incident.state().walks().sweep() != null) {
      sweeping.add(incident);
    }
    if (!incident.queued() && incident.state().releasing() != null && incident.hasWork()) {
      incident.queued(true);
      releasable.addLast(incident);
    }
  }

  /** Whose turn it is to release something; it has to be given back by {@link #noticeWishes}. */
  @Nullable OpenIncident nextReleasable() {
    while (true) {
      OpenIncident next = releasable.pollFirst();
      if (next == null) {
        return null;
      }
      next.queued(false);
      if (next.state().releasing() != null && next.hasWork()) {
        return next;
      }
    }
  }

  int releasableCount() {
    return releasable.size();
  }

  /** Incidents with a sweep under way. */
  List<OpenIncident> sweeping() {
    sweeping.removeIf(incident -> incident.state().walks().sweep() == null);
    return List.copyOf(sweeping);
  }

  /**
   * Incidents that changed, and were last reported on at or before the given time; they count as
   * reported now.
   */
  List<OpenIncident> takeUnreported(long reportedUntil) {
    List<OpenIncident> taken = new ArrayList<>();
    unreported.removeIf(incident -> incident.reportedAt() <= reportedUntil && taken.add(incident));
    return taken;
  }
}
