package io.tocsin.streams.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.avro.AffectedEvent;
import io.tocsin.avro.Channel;
import io.tocsin.avro.CommandKind;
import io.tocsin.avro.Decision;
import io.tocsin.avro.DecisionKind;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DeliveryState;
import io.tocsin.avro.DispatchControl;
import io.tocsin.avro.IncidentProgress;
import io.tocsin.avro.IncidentStatus;
import io.tocsin.avro.Notice;
import io.tocsin.avro.SealedContact;
import io.tocsin.avro.SendCommand;
import io.tocsin.avro.User;
import io.tocsin.schemas.catalogue.Catalogue;
import io.tocsin.schemas.id.NoticeIds;
import io.tocsin.streams.state.StoredNotice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;

/**
 * One partition over some days of virtual time, driven by chance from a seed: several incidents and
 * versions, decisions, changing users, a notifier that fails in every way it can, events repeated
 * and shuffled, and crashes before and after any step.
 */
final class DispatcherSimulation implements Outbox {

  private static final List<String> CATEGORIES = List.of("name", "email", "phone", "cookies");
  private static final List<String> DATASETS = List.of("registration", "feedback", "purchases");
  private static final int MOST_STEPS = 200_000;

  private record Happening(long at, long order, Runnable run) {}

  private final Random random;
  private final DispatcherSettings settings;
  private final MapStores stores = new MapStores();
  private final PriorityQueue<Happening> happenings =
      new PriorityQueue<>(
          (a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.order, b.order));
  private final List<Runnable> pending = new ArrayList<>();
  private final FakeNotifier notifier;
  private final Map<String, User> users = new HashMap<>();
  private final Map<String, TreeMap<Integer, Map<String, Set<String>>>> truth = new HashMap<>();
  private final Set<String> withdrawn = new HashSet<>();
  private final Map<String, IncidentProgress> progress = new HashMap<>();
  private PartitionDispatcher dispatcher;
  private long now = Samples.START;
  private long order;
  private int crashes;

  DispatcherSimulation(long seed) {
    random = new Random(seed);
    settings =
        Samples.settings(
            Map.of(
                DispatcherSettings.TICK_RECORDS,
                Integer.toString(1 + random.nextInt(20)),
                DispatcherSettings.WINDOW_MIN,
                Integer.toString(1 + random.nextInt(6)),
                DispatcherSettings.WINDOW_MAX,
                "8"));
    notifier = new FakeNotifier(random, (delay, event) -> in(delay, () -> report(event)));
    dispatcher = start();
  }

  private PartitionDispatcher start() {
    return new PartitionDispatcher(
        settings, Catalogue.sample(), 0, stores.stores(), this, () -> 0L, now);
  }

  int crashes() {
    return crashes;
  }

  /** Runs until nothing is left to happen, and checks what must hold then. */
  void run() {
    int people = 2 + random.nextInt(8);
    for (int i = 0; i < people; i++) {
      plan("u-" + i);
    }
    int incidents = 1 + random.nextInt(3);
    for (int i = 0; i < incidents; i++) {
      planIncident("INC-" + i, people);
    }
    int idle = 0;
    for (int step = 0; idle < 5; step++) {
      assertThat(step).as("steps").isLessThan(MOST_STEPS);
      long writes = stores.writes();
      now += 50;
      while (!happenings.isEmpty() && happenings.peek().at <= now) {
        happenings.poll().run.run();
      }
      transact(() -> dispatcher.tick(now));
      boolean quiet = writes == stores.writes();
      if (quiet && step % 7 == 0) {
        recount();
      }
      idle = quiet && happenings.isEmpty() && nextDue() == 0 ? idle + 1 : 0;
      if (quiet) {
        skip();
      }
    }
    recount();
    everybodyIsToldOrExplained();
    nobodyIsToldTwiceUnlisted();
  }

  /** Nothing happens until then. */
  private void skip() {
    long next = nextDue();
    if (!happenings.isEmpty()) {
      long at = happenings.peek().at;
      next = next == 0 ? at : Math.min(next, at);
    }
    now = Math.max(now, next - 50);
  }

  private long nextDue() {
    try (KeyValueIterator<String, byte[]> all = stores.due.all()) {
      return all.hasNext() ? Long.parseLong(all.peekNextKey().substring(0, 16), 16) : 0;
    }
  }

  private void in(long delay, Runnable run) {
    happenings.add(new Happening(now + delay, order++, run));
  }

  /** Takes a step exactly once, whatever crashes. */
  private void transact(Runnable step) {
    if (random.nextInt(40) == 0) {
      crashes++;
      Map<MapStore<?>, NavigableMap<byte[], byte[]>> before = stores.snapshot();
      step.run();
      pending.clear();
      stores.restore(before);
      dispatcher = start();
    }
    step.run();
    List<Runnable> committed = List.copyOf(pending);
    pending.clear();
    committed.forEach(Runnable::run);
    if (random.nextInt(40) == 0) {
      crashes++;
      dispatcher = start();
    }
  }

  private void report(DeliveryEvent event) {
    transact(
        () -> assertThat(dispatcher.reported(owner(event.getDeliveryId()), event, now)).isEmpty());
  }

  private String owner(String deliveryId) {
    String key = stores.noticeIds.get(NoticeIds.noticeIdOf(deliveryId));
    assertThat(key).isNotNull();
    return NoticeKey.parse(String.valueOf(key)).userId();
  }

  @Override
  public void command(String userId, SendCommand command) {
    if (command.getKind() == CommandKind.SEND) {
      mayBeSent(userId, command);
    }
    pending.add(() ->
        in(
            random.nextInt(10) == 0 ? random.nextInt(90_000) : random.nextInt(2_000),
            () -> notifier.work(command, now)));
  }

  /**
   * Nothing goes out unless approved, identified, neither held nor closed, and for what this person
   * lost.
   */
  private void mayBeSent(String userId, SendCommand command) {
    IncidentState state =
        IncidentCodec.load(Objects.requireNonNull(stores.incidents.get(command.getIncidentId())));
    assertThat(state.releasing()).isNotNull();
    assertThat(command.getTemplateVersion()).isEqualTo("t" + state.latestVersion());
    Set<String> lost =
        truth(command.getIncidentId()).headMap(state.latestVersion(), true).values().stream()
            .map(affected -> affected.getOrDefault(userId, Set.of()))
            .collect(HashSet::new, Set::addAll, Set::addAll);
    assertThat(lost).containsAll(command.getCategories());
  }

  @Override
  public void notice(Notice notice) {}

  @Override
  public void progress(IncidentProgress said) {
    pending.add(() -> progress.put(said.getIncidentId(), said));
  }

  private void plan(String userId) {
    long at = random.nextInt(3) == 0 ? random.nextInt(200_000) : 0;
    int changes = random.nextInt(3);
    for (int i = 0; i <= changes; i++) {
      User user = random.nextInt(12) == 0 ? Samples.erased() : user(userId + "-" + i);
      in(
          at,
          () -> {
            users.put(userId, user);
            transact(() -> dispatcher.user(userId, user, now));
          });
      at += random.nextInt(400_000_000);
    }
  }

  private User user(String name) {
    List<SealedContact> contacts = new ArrayList<>();
    for (Channel channel : Channel.values()) {
      if (random.nextInt(4) > 0) {
        String kind =
            switch (random.nextInt(6)) {
              case 0 -> "refused-";
              case 1 -> "bounce-";
              case 2 -> "slow-";
              default -> "good-";
            };
        contacts.add(Samples.contact(channel, kind + name));
      }
    }
    String locale = List.of("en", "ru", "kk").get(random.nextInt(3));
    return Samples.user(locale, contacts.toArray(SealedContact[]::new));
  }

  private void planIncident(String id, int people) {
    truth.put(id, new TreeMap<>());
    long at = random.nextInt(100_000);
    int versions = 1 + random.nextInt(3);
    for (int version = 1; version <= versions; version++) {
      boolean last = version == versions;
      boolean gone = last && versions > 1 && random.nextInt(8) == 0;
      planVersion(id, version, people, at, gone);
      at += 10_000;
      planDecisions(id, version, last, at);
      at += random.nextInt(2) == 0 ? random.nextInt(30_000) : random.nextInt(300_000_000);
    }
  }

  private void planVersion(String id, int version, int people, long at, boolean gone) {
    if (gone) {
      in(at, () -> withdrawn.add(id));
    }
    control(
        at + random.nextInt(5_000),
        Samples.accepted(
            id, version, 2, true, 0, gone ? IncidentStatus.WITHDRAWN : IncidentStatus.ACTIVE));
    if (gone) {
      return;
    }
    for (int shard = 0; shard < 2; shard++) {
      long shardAt = at + random.nextInt(4_000);
      for (int user = 0; user < people; user++) {
        for (String dataset : DATASETS) {
          if (random.nextInt(4) == 0 && dataset.hashCode() % 2 == shard % 2) {
            long late = random.nextInt(15) == 0 ? random.nextInt(100_000_000) : 0;
            affected(shardAt + late, id, version, "u-" + user, dataset);
          }
        }
      }
      AffectedEvent marker = Samples.marker(id, version, Integer.toString(shard));
      in(shardAt, () -> transact(() -> dispatcher.affected(id, marker, now)));
    }
  }

  private void affected(long at, String id, int version, String userId, String dataset) {
    Set<String> what = new HashSet<>();
    for (int i = random.nextInt(2); i >= 0; i--) {
      what.add(CATEGORIES.get(random.nextInt(CATEGORIES.size())));
    }
    AffectedEvent event = Samples.affected(id, version, dataset, what.toArray(String[]::new));
    for (int i = random.nextInt(2); i >= 0; i--) {
      in(
          at,
          () -> {
            truth(id)
                .computeIfAbsent(version, v -> new HashMap<>())
                .computeIfAbsent(userId, u -> new HashSet<>())
                .addAll(what);
            transact(() -> dispatcher.affected(userId, event, now));
          });
    }
  }

  private void control(long at, DispatchControl control) {
    in(at, () -> transact(() -> dispatcher.control(control, now)));
  }

  private void planDecisions(String id, int version, boolean last, long from) {
    long at = from;
    if (random.nextInt(4) == 0) {
      control(at, Samples.canary(id, version, 1 + random.nextInt(3)));
      at += random.nextInt(200_000);
    }
    if (random.nextInt(3) == 0) {
      control(at, Samples.decided(id, version, DecisionKind.HOLD));
      at += random.nextInt(500_000);
    }
    if (last || random.nextInt(3) > 0) {
      control(at, Samples.approved(id, version));
      at += random.nextInt(50_000);
    }
    if (random.nextInt(3) == 0) {
      control(at, Samples.decided(id, version, DecisionKind.HOLD));
      at += random.nextInt(500_000);
    }
    if (random.nextInt(10) == 0) {
      boolean notNeeded = random.nextBoolean();
      Decision.Builder decision =
          Samples.decision(
              id, version, notNeeded ? DecisionKind.NO_NOTICE_NEEDED : DecisionKind.CANCEL);
      DispatchControl control =
          new DispatchControl(decision.setReasonCode("public-before").build());
      control(at, control);
    }
    // Whatever was held goes on in the end.
    control(at + 200_000, Samples.decided(id, version, DecisionKind.RESUME));
  }

  /** The counts kept by differences are those of a count from scratch. */
  private void recount() {
    Map<String, Tally> counted = new HashMap<>();
    forEachNotice((key, notice) -> {
      Tally kept = tally(key.incidentId());
      Tally fresh =
          counted.computeIfAbsent(
              key.incidentId(),
              id -> {
                Tally tally = new Tally();
                tally.identified(kept.version());
                return tally;
              });
      fresh.count(
          NoticeState.EMPTY,
          notice.countedVersion() == kept.version() || notice.last() == null
              ? notice
              : notice.with(notice.editions().getLast()),
          true);
    });
    counted.forEach((id, fresh) -> {
      Tally kept = tally(id);
      assertThat(kept.people()).isEqualTo(fresh.people());
      assertThat(kept.notices()).isEqualTo(fresh.notices());
      assertThat(kept.affected(kept.version())).isEqualTo(fresh.affected(kept.version()));
      for (Channel channel : Channel.values()) {
        assertThat(IncidentCodec.states(kept, channel))
            .isEqualTo(IncidentCodec.states(fresh, channel));
        assertThat(kept.marked(channel)).isEqualTo(fresh.marked(channel));
      }
      assertThat(kept.standing().values()).as("standing").allMatch(count -> count > 0);
      boolean settled =
          IncidentCodec.load(Objects.requireNonNull(stores.incidents.get(id))).walks().sweep()
              == null;
      if (settled) {
        assertThat(kept.standing()).as("standing").isEqualTo(fresh.standing());
        assertThat(kept.substitutes()).as("substitutes").isEqualTo(fresh.substitutes());
      }
    });
  }

  private NavigableMap<Integer, Map<String, Set<String>>> truth(String id) {
    return Objects.requireNonNull(truth.get(id), id);
  }

  private Tally tally(String id) {
    return IncidentCodec.load(Objects.requireNonNull(stores.tallies.get(id)));
  }

  private interface Visit {
    void to(NoticeKey key, NoticeState notice);
  }

  private void forEachNotice(Visit visit) {
    try (KeyValueIterator<String, StoredNotice> all = stores.notices.all()) {
      while (all.hasNext()) {
        KeyValue<String, StoredNotice> entry = all.next();
        visit.to(NoticeKey.parse(entry.key), NoticeCodec.load(entry.value));
      }
    }
  }

  private void everybodyIsToldOrExplained() {
    truth.forEach((id, versions) -> {
      IncidentState state = IncidentCodec.load(Objects.requireNonNull(stores.incidents.get(id)));
      assertThat(state.identifiedVersion()).isEqualTo(state.latestVersion());
      Map<String, Set<String>> affected =
          withdrawn.contains(id)
              ? Map.of()
              : versions.getOrDefault(state.latestVersion(), Map.of());
      affected.keySet().forEach(userId -> isToldOrExplained(state, id, userId));
      IncidentProgress last = Objects.requireNonNull(progress.get(id), id);
      assertThat(last.getAffected()).isEqualTo(affected.size());
      assertThat(last.getExplained()).as("gap").isEqualTo(affected.size());
      assertThat(last.getIdentifiedVersion()).isEqualTo(state.latestVersion());
    });
  }

  private void isToldOrExplained(IncidentState state, String id, String userId) {
    NoticeKey key = new NoticeKey(id, userId);
    NoticeState notice =
        NoticeCodec.load(
            Objects.requireNonNull(stores.notices.get(key.toString()), key.toString()));
    EditionState last = Objects.requireNonNull(notice.last(), key.toString());
    assertThat(last.explained()).as("%s explained: %s", key, last).isTrue();
    for (EditionState edition : notice.editions()) {
      for (ChannelDelivery delivery : edition.deliveries()) {
        String deliveryId = NoticeIds.deliveryId(edition.noticeId(), delivery.channel());
        if (delivery.gotThrough()) {
          assertThat(notifier.sent).as("accepted, so sent: %s", key).containsKey(deliveryId);
        }
      }
    }
    if (state.closure() != null) {
      return;
    }
    assertThat(notice.namesTooLittle(state.latestVersion())).as("%s names all", key).isFalse();
    boolean reachable =
        Person.of(users.get(userId)).contacts().values().stream()
            .anyMatch(contact -> !isBad(contact));
    boolean told =
        notice.editions().stream().anyMatch(EditionState::gotThrough)
            || last.deliveries().stream().anyMatch(each -> "deadline".equals(each.said().reason()));
    if (reachable) {
      assertThat(told).as("%s reached: %s", key, last).isTrue();
    }
  }

  private static boolean isBad(SealedContact contact) {
    String name = StandardCharsets.UTF_8.decode(contact.getCiphertext().duplicate()).toString();
    return name.contains("refused") || name.contains("bounce");
  }

  /**
   * Whoever got an attempt although an earlier one had got through is on the list; and nobody gets
   * an attempt twice.
   */
  private void nobodyIsToldTwiceUnlisted() {
    forEachNotice((key, notice) ->
        notice
            .editions()
            .forEach(
                edition -> edition.deliveries().forEach(delivery -> check(edition, delivery))));
  }

  private void check(EditionState edition, ChannelDelivery delivery) {
    String id = NoticeIds.deliveryId(edition.noticeId(), delivery.channel());
    List<FakeNotifier.Sent> sent = notifier.sent.getOrDefault(id, List.of());
    assertThat(sent.stream().map(FakeNotifier.Sent::attempt)).as(id).doesNotHaveDuplicates();
    for (FakeNotifier.Sent each : sent) {
      boolean again = sent.stream().anyMatch(s -> s.attempt() < each.attempt() && !s.returned());
      if (again) {
        assertThat(delivery.doubts().marked())
            .as("%s attempt %s listed", id, each)
            .contains(each.attempt());
      }
    }
    if (delivery.state() == DeliveryState.UNKNOWN) {
      throw new AssertionError("Still unknown: " + id);
    }
  }
}
