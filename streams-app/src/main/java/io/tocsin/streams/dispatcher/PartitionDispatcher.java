package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Affected;
import io.tocsin.avro.AffectedEvent;
import io.tocsin.avro.Channel;
import io.tocsin.avro.Decision;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DispatchControl;
import io.tocsin.avro.EndMarker;
import io.tocsin.avro.IncidentShard;
import io.tocsin.avro.User;
import io.tocsin.schemas.catalogue.Catalogue;
import io.tocsin.schemas.id.NoticeIds;
import io.tocsin.streams.dispatcher.IncidentState.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything about the users of one partition: takes records one by one, and has its turn at
 * regular times. Whatever takes more than a few store accesses is done in chunks, from {@link
 * #tick}. Everything it knows is in its stores; a new one over the same stores goes on where this
 * one stopped.
 */
final class PartitionDispatcher {

  private static final Logger log = LoggerFactory.getLogger(PartitionDispatcher.class);
  private static final Pattern DELIVERY_ID = Pattern.compile("[0-9a-f]{32}-[es]");

  /** How many people may be released at once by an outcome that makes room. */
  private static final int REFILL = 128;

  private final DispatcherSettings settings;
  private final int partition;
  private final Stores stores;
  private final LongSupplier nanos;
  private final Incidents incidents;
  private final Notices notices;
  private final Releaser releaser;
  private final Sweeper sweeper;
  private final Pacer pacer;
  private final Announcer announcer;

  /**
   * Takes up a partition.
   *
   * @param partition its number
   * @param nanos a clock for budgets, as {@link System#nanoTime}
   * @param now epoch ms
   */
  PartitionDispatcher(
      DispatcherSettings settings,
      Catalogue catalogue,
      int partition,
      Stores stores,
      Outbox out,
      LongSupplier nanos,
      long now) {
    this.settings = settings;
    this.partition = partition;
    this.stores = stores;
    this.nanos = nanos;
    this.pacer = new Pacer(settings.pacing(), now);
    this.announcer = new Announcer(out, partition, settings.usersPartitions());
    this.incidents = new Incidents(stores);
    ReadyQueue ready = new ReadyQueue(stores.ready());
    this.notices =
        new Notices(
            stores,
            new NoticeMachine(settings.policy(), catalogue),
            incidents,
            new Timers(stores.due()),
            ready,
            pacer,
            announcer);
    this.releaser = new Releaser(incidents, notices, ready, pacer);
    this.sweeper = new Sweeper(incidents, notices);
    for (OpenIncident incident : incidents.all()) {
      for (Channel channel : Channel.values()) {
        pacer.outstanding(channel, incident.tally().outstanding(channel));
      }
    }
  }

  /** A user's record; null when it is gone. */
  void user(String userId, @Nullable User user, long now) {
    User former = stores.users().get(userId);
    stores.users().put(userId, user);
    if (incidents.isEmpty() || sameReach(former, user)) {
      return;
    }
    Person person = Person.of(user);
    for (String incidentId : incidentsOf(userId)) {
      NoticeKey key = new NoticeKey(incidentId, userId);
      NoticeState notice = notices.find(key.toString());
      if (notice != null) {
        notices.apply(
            incidents.get(incidentId), key, notice, new NoticeEvent.PersonChanged(person), now);
      }
    }
  }

  private static boolean sameReach(@Nullable User a, @Nullable User b) {
    return a != null
        && b != null
        && a.getLocale().equals(b.getLocale())
        && a.getStatus() == b.getStatus()
        && fingerprints(a).equals(fingerprints(b));
  }

  private static List<Object> fingerprints(User user) {
    return user.getContacts().stream()
        .<Object>map(contact -> List.of(contact.getChannel(), contact.getFingerprint()))
        .toList();
  }

  private List<String> incidentsOf(String userId) {
    List<String> found = new ArrayList<>();
    String prefix = userId + '\0';
    try (KeyValueIterator<String, byte[]> range =
        stores.userIncidents().range(prefix, userId + '\u0001')) {
      while (range.hasNext()) {
        String key = range.next().key;
        if (key.lastIndexOf('\0') == userId.length()) {
          found.add(key.substring(prefix.length()));
        }
      }
    }
    return found;
  }

  /** An affected entry, or the end marker of a shard. */
  void affected(String userId, AffectedEvent event, long now) {
    OpenIncident incident = incidents.get(event.getIncidentId());
    switch (event.getBody()) {
      case EndMarker ignored -> {
        incidents.change(incident, incident.state().marked(event.getVersion(), event.getShard()));
        identify(incident, now);
      }
      case Affected entry -> {
        if (event.getVersion() >= incident.state().latestVersion()) {
          list(incident, new NoticeKey(event.getIncidentId(), userId), event, entry, now);
        }
      }
      default -> throw new IllegalStateException("Not a body of an affected event");
    }
  }

  private void list(
      OpenIncident incident, NoticeKey key, AffectedEvent event, Affected entry, long now) {
    NoticeState before = notices.find(key.toString());
    NoticeState after =
        notices.apply(
            incident,
            key,
            before,
            new NoticeEvent.Listed(
                event.getVersion(),
                entry.getDataset(),
                new HashSet<>(entry.getCategories()),
                incident.tally().version()),
            now);
    boolean late =
        (before == null || !after.isStill(before))
            && incident.state().identifiedVersion() == event.getVersion();
    if (late) {
      sweeper.close(incident, key, after, now);
      for (Channel channel : Channel.values()) {
        String walked = incident.state().walks().release(channel);
        if (walked == null || NoticeKey.compare(key.toString(), walked) <= 0) {
          notices.ready(incident, channel, key.toString());
        }
      }
    }
  }

  /** An accepted version, or a decision. */
  void control(DispatchControl control, long now) {
    switch (control.getBody()) {
      case IncidentShard accepted -> {
        OpenIncident incident = incidents.get(accepted.getIncident().getIncidentId());
        incidents.change(incident, incident.state().accepted(Version.of(accepted)));
        incident.blocked().clear();
        identify(incident, now);
      }
      case Decision decision -> {
        OpenIncident incident = incidents.get(decision.getIncidentId());
        incidents.change(
            incident, incident.state().decided(decision, partition, settings.usersPartitions()));
        incident.blocked().clear();
        identify(incident, now);
      }
      default -> throw new IllegalStateException("Not a body of a dispatch control");
    }
  }

  private void identify(OpenIncident incident, long now) {
    IncidentState state = incident.state();
    if (!state.identifiable()) {
      return;
    }
    int version = state.latestVersion();
    boolean history = incident.tally().hasHistory(version);
    incident.tally().identified(version);
    incidents.counted(incident);
    incidents.change(incident, state.identified(now, history));
    log.atInfo()
        .addKeyValue("incidentId", incident.id())
        .addKeyValue("version", version)
        .addKeyValue("partition", partition)
        .addKeyValue("affected", incident.tally().affectedCount(version))
        .log("Incident identified");
  }

  /**
   * An outcome or a receipt.
   *
   * @param userId the user, if the event names the incident too
   * @return what is wrong with it, if it belongs to no delivery
   */
  Optional<String> reported(String userId, DeliveryEvent event, long now) {
    if (!DELIVERY_ID.matcher(event.getDeliveryId()).matches()) {
      return Optional.of("The delivery's id is not one of ours.");
    }
    String noticeId = NoticeIds.noticeIdOf(event.getDeliveryId());
    String key =
        event.getIncidentId().isEmpty()
            ? notices.keyOf(noticeId)
            : new NoticeKey(event.getIncidentId(), userId).toString();
    NoticeState notice = key == null ? null : notices.find(key);
    EditionState edition = notice == null ? null : notice.edition(noticeId);
    Channel channel = NoticeIds.channelOf(event.getDeliveryId());
    if (key == null || edition == null || edition.delivery(channel) == null) {
      return Optional.of("No such delivery was ever planned in this partition.");
    }
    NoticeKey noticeKey = NoticeKey.parse(key);
    notices.apply(
        incidents.get(noticeKey.incidentId()),
        noticeKey,
        Objects.requireNonNull(notice),
        new NoticeEvent.Reported(event),
        now);
    if (!isReceipt(event)) {
      pacer.outcome(channel);
    }
    if (pacer.worthRefilling(channel)) {
      releaser.refill(new Budget(nanos, Duration.ofSeconds(1), REFILL), now);
    }
    return Optional.empty();
  }

  private static boolean isReceipt(DeliveryEvent event) {
    return switch (event.getKind()) {
      case RECEIPT_DELIVERED, RECEIPT_BOUNCED, RECEIPT_UNDELIVERED -> true;
      default -> false;
    };
  }

  /** Does what no record asks for. */
  void tick(long now) {
    pacer.measure(now);
    notices.fire(now, budget());
    sweeper.sweep(budget(), now);
    releaser.refill(budget(), now);
    long reportedUntil = now - settings.pacing().progress().toMillis();
    for (OpenIncident incident : incidents.takeUnreported(reportedUntil)) {
      if (incident.state().latest() != null) {
        incident.reportedAt(now);
        announcer.progress(incident, now);
      }
    }
  }

  /** How far everybody is from having been explained to. */
  Completeness.Standing standing() {
    Completeness.Standing standing = Completeness.Standing.COMPLETE;
    for (OpenIncident incident : incidents.all()) {
      Tally tally = incident.tally();
      standing =
          standing.with(
              tally.affectedCount(tally.version()) - tally.explained(),
              incident.state().identifiedAt());
    }
    return standing;
  }

  private Budget budget() {
    return new Budget(nanos, settings.pacing().tickBudget(), settings.pacing().tickRecords());
  }
}
