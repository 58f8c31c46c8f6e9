package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import io.tocsin.avro.DeliveryState;
import io.tocsin.streams.dispatcher.EditionState.Texts;
import io.tocsin.streams.dispatcher.IncidentState.Approval;
import io.tocsin.streams.dispatcher.IncidentState.Version;
import io.tocsin.streams.dispatcher.IncidentState.Walks;
import io.tocsin.streams.state.StoredAffected;
import io.tocsin.streams.state.StoredApproval;
import io.tocsin.streams.state.StoredChannelTally;
import io.tocsin.streams.state.StoredIncident;
import io.tocsin.streams.state.StoredMarkers;
import io.tocsin.streams.state.StoredTally;
import io.tocsin.streams.state.StoredVersion;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An incident's state and counts as they are stored, and back. */
final class IncidentCodec {

  private IncidentCodec() {}

  static StoredIncident store(IncidentState state) {
    return StoredIncident.newBuilder()
        .setLatest(store(state.latest()))
        .setMarkers(
            state.markers().entrySet().stream()
                .map(entry -> new StoredMarkers(entry.getKey(), List.copyOf(entry.getValue())))
                .toList())
        .setIdentifiedVersion(state.identifiedVersion())
        .setIdentifiedAt(state.identifiedAt())
        .setPartialVersion(state.partialVersion())
        .setApproval(store(state.approval()))
        .setCanaryLeft(state.canaryLeft())
        .setHeld(state.held())
        .setClosure(NoticeCodec.store(state.closure()))
        .setDecisions(List.copyOf(state.decisions()))
        .setSweep(state.walks().sweep())
        .setSettling(state.walks().settling())
        .setReleaseEmail(state.walks().email())
        .setReleaseSms(state.walks().sms())
        .build();
  }

  static IncidentState load(StoredIncident stored) {
    Map<Integer, Set<String>> markers = new TreeMap<>();
    stored
        .getMarkers()
        .forEach(each -> markers.put(each.getVersion(), new HashSet<>(each.getShards())));
    return new IncidentState(
        stored.getLatest().map(IncidentCodec::load).orElse(null),
        markers,
        stored.getIdentifiedVersion(),
        stored.getIdentifiedAt(),
        stored.getPartialVersion(),
        stored.getApproval().map(IncidentCodec::load).orElse(null),
        stored.getCanaryLeft(),
        stored.getHeld(),
        stored.getClosure().map(NoticeCodec::load).orElse(null),
        Set.copyOf(stored.getDecisions()),
        new Walks(
            stored.getSweep().orElse(null),
            stored.getSettling(),
            stored.getReleaseEmail().orElse(null),
            stored.getReleaseSms().orElse(null)));
  }

  private static @Nullable StoredVersion store(@Nullable Version version) {
    return version == null
        ? null
        : new StoredVersion(
            version.number(),
            version.scopeHash(),
            version.shards(),
            version.datasets(),
            version.evidence(),
            version.withdrawn());
  }

  private static Version load(StoredVersion stored) {
    return new Version(
        stored.getVersion(),
        stored.getScopeHash(),
        stored.getShards(),
        stored.getDatasets(),
        stored.getEvidence(),
        stored.getWithdrawn());
  }

  private static @Nullable StoredApproval store(@Nullable Approval approval) {
    return approval == null
        ? null
        : new StoredApproval(
            approval.version(), approval.texts().templateId(), approval.texts().templateVersion());
  }

  private static Approval load(StoredApproval stored) {
    return new Approval(
        stored.getVersion(), new Texts(stored.getTemplateId(), stored.getTemplateVersion()));
  }

  static StoredTally store(Tally tally) {
    return new StoredTally(
        tally.people(),
        tally.affected().entrySet().stream()
            .map(entry -> new StoredAffected(entry.getKey(), entry.getValue()))
            .toList(),
        tally.version(),
        people(tally),
        tally.substitutes(),
        tally.notices(),
        List.of(store(tally, Channel.EMAIL), store(tally, Channel.SMS)),
        tally.lastAcceptedAt());
  }

  private static StoredChannelTally store(Tally tally, Channel channel) {
    return new StoredChannelTally(channel.name(), states(tally, channel), tally.marked(channel));
  }

  /** Affected people by the name of their state; only states that some are in. */
  static Map<String, Long> people(Tally tally) {
    Map<String, Long> people = new HashMap<>();
    tally.standing().forEach((state, count) -> people.put(state.name(), count));
    return people;
  }

  /** Deliveries by the name of their state; only states that some are in. */
  static Map<String, Long> states(Tally tally, Channel channel) {
    Map<String, Long> states = new HashMap<>();
    for (DeliveryState state : DeliveryState.values()) {
      long count = tally.deliveries(channel, state);
      if (count != 0) {
        states.put(state.name(), count);
      }
    }
    return states;
  }

  static Tally load(StoredTally stored) {
    Tally tally = new Tally();
    tally.restore(
        stored.getPeople(),
        stored.getVersion(),
        stored.getSubstitutes(),
        stored.getNotices(),
        stored.getLastAcceptedAt());
    stored
        .getStanding()
        .forEach((state, count) -> {
          if (PersonState.valueOf(state) != PersonState.WAITING) {
            tally.restorePeople(PersonState.valueOf(state), count);
          }
        });
    stored
        .getAffected()
        .forEach(each -> tally.restoreAffected(each.getVersion(), each.getLocales()));
    stored
        .getChannels()
        .forEach(each ->
            tally.restoreDeliveries(
                Channel.valueOf(each.getChannel()), each.getStates(), each.getMarked()));
    return tally;
  }
}
