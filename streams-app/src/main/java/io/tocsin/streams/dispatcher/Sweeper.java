package io.tocsin.streams.dispatcher;

import io.tocsin.streams.state.StoredNotice;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/** Goes over an incident's notices in chunks, to stop what a new version or an operator stops. */
final class Sweeper {

  private final Incidents incidents;
  private final Notices notices;

  Sweeper(Incidents incidents, Notices notices) {
    this.incidents = incidents;
    this.notices = notices;
  }

  /** Goes on with every sweep under way. */
  void sweep(Budget budget, long now) {
    for (OpenIncident incident : incidents.sweeping()) {
      String from = incident.state().walks().sweep();
      if (from == null || budget.spent()) {
        continue;
      }
      String to = sweep(incident, from, budget, now);
      IncidentState state = incident.state();
      incidents.change(incident, state.with(state.walks().swept(to)));
    }
  }

  private @Nullable String sweep(OpenIncident incident, String from, Budget budget, long now) {
    String at = from;
    try (KeyValueIterator<String, StoredNotice> rest = notices.behind(incident.id(), from)) {
      while (rest.hasNext()) {
        if (budget.spent()) {
          return at;
        }
        KeyValue<String, StoredNotice> entry = rest.next();
        budget.spend();
        visit(incident, NoticeKey.parse(entry.key), Notices.load(entry.value), now);
        at = entry.key;
      }
    }
    return null;
  }

  private void visit(OpenIncident incident, NoticeKey key, NoticeState notice, long now) {
    IncidentState state = incident.state();
    NoticeState settled = notice;
    if (state.walks().settling()) {
      settled =
          notices.apply(
              incident, key, notice, new NoticeEvent.Settled(state.identifiedVersion()), now);
    }
    close(incident, key, settled, now);
  }

  /** Stops a notice if its incident is closed. */
  void close(OpenIncident incident, NoticeKey key, NoticeState notice, long now) {
    Closure closure = incident.state().closure();
    if (closure != null) {
      notices.apply(
          incident,
          key,
          notice,
          new NoticeEvent.Closed(
              incident.state().latestVersion(), closure, notices.person(key.userId())),
          now);
    }
  }
}
