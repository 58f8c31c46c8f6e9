package io.tocsin.system.simulation;

import io.tocsin.avro.AffectedEvent;
import io.tocsin.avro.Channel;
import io.tocsin.avro.Decision;
import io.tocsin.avro.DecisionKind;
import io.tocsin.avro.DispatchControl;
import io.tocsin.avro.SealedContact;
import io.tocsin.avro.User;
import io.tocsin.streams.dispatcher.Samples;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Who is affected by what, and what the operators decide: the truth the result is held against. */
final class Scenario {

  /** Ms an attempt may wait before it starts; as {@code dispatch.command.ttl.ms}. */
  static final int COMMAND_TTL = 30_000;

  /** Ms a call takes at most; as {@code dispatch.call.max.ms}. */
  static final int CALL_MAX = 30_000;

  /** Ms after which a provider shows what it took; as {@code dispatch.reconcile.window.ms}. */
  static final int LISTED_AFTER = 30_000;

  static final int SHARDS = 2;

  private static final List<String> CATEGORIES = List.of("name", "email", "phone", "cookies");

  /** What a version of an incident says. */
  record Truth(Map<String, Set<String>> inTime, Map<String, Set<String>> all) {

    Truth() {
      this(new HashMap<>(), new HashMap<>());
    }
  }

  private final World world;
  private final List<DispatcherTask> dispatchers;
  private final Map<String, Integer> latest = new HashMap<>();
  private final Map<String, Truth> truths = new HashMap<>();
  private final Set<String> cancelled = new HashSet<>();
  private final List<String> people = new ArrayList<>();
  private long lastDecision;
  private int decisions;

  Scenario(World world, List<DispatcherTask> dispatchers) {
    this.world = world;
    this.dispatchers = dispatchers;
  }

  void plan() {
    int count = 1 + world.below(4);
    for (int i = 0; i < count; i++) {
      people.add("u-" + i);
      planUser("u-" + i);
    }
    int incidents = world.oneIn(4) ? 2 : 1;
    for (int i = 0; i < incidents; i++) {
      planIncident("INC-" + i);
    }
  }

  /** Incidents and their latest versions. */
  Map<String, Integer> latest() {
    return latest;
  }

  Truth truth(String incidentId, int version) {
    return Objects.requireNonNull(truths.get(incidentId + '/' + version));
  }

  boolean isCancelled(String incidentId) {
    return cancelled.contains(incidentId);
  }

  /** Ms from now until the last decision. */
  long span() {
    return lastDecision;
  }

  static int partition(String userId) {
    return Math.floorMod(userId.hashCode(), Kafka.PARTITIONS);
  }

  private DispatcherTask owner(String userId) {
    return dispatchers.get(partition(userId));
  }

  private void planUser(String userId) {
    long at = world.oneIn(5) ? world.below(60_000) : 0;
    int changes = world.oneIn(3) ? 1 : 0;
    for (int i = 0; i <= changes; i++) {
      User user = world.oneIn(15) ? Samples.erased() : user(userId, i);
      world.in(at, () -> owner(userId).user(userId, user));
      at += world.below(world.oneIn(2) ? 100_000 : 300_000_000);
    }
  }

  private User user(String userId, int number) {
    List<SealedContact> contacts = new ArrayList<>();
    for (Channel channel : Channel.values()) {
      if (!world.oneIn(5)) {
        People.Kind kind =
            switch (world.below(8)) {
              case 0 -> People.Kind.REFUSED;
              case 1 -> People.Kind.BOUNCED;
              case 2 -> People.Kind.SLOW;
              default -> People.Kind.GOOD;
            };
        contacts.add(People.contact(userId, channel, kind, number));
      }
    }
    return Samples.user("en", contacts.toArray(SealedContact[]::new));
  }

  private void planIncident(String id) {
    long at = world.below(3_000);
    int versions = world.oneIn(3) ? 2 : 1;
    latest.put(id, versions);
    for (int version = 1; version <= versions; version++) {
      planVersion(id, version, at);
      planDecisions(id, version, version == versions, at + 2_000);
      at += world.oneIn(2) ? 8_000 + world.below(30_000) : 8_000 + world.below(300_000_000);
    }
  }

  private void planVersion(String id, int version, long from) {
    Truth truth = new Truth();
    truths.put(id + '/' + version, truth);
    everywhere(from, 2_000, Samples.accepted(id, version, SHARDS, true, 0));
    for (int shard = 0; shard < SHARDS; shard++) {
      long takes = world.late(2_000, 60_000);
      for (String userId : people) {
        if (!world.oneIn(3)) {
          boolean late = world.oneIn(12);
          long at = late ? takes + 1 + world.below(120_000) : world.below((int) takes + 1);
          affected(from + at, id, version, userId, "dataset-" + shard, truth, !late);
        }
      }
      AffectedEvent marker = Samples.marker(id, version, Integer.toString(shard));
      world.in(from + takes + 1, () -> dispatchers.forEach(each -> each.affected(id, marker)));
    }
  }

  private void affected(
      long at, String id, int version, String userId, String dataset, Truth truth, boolean inTime) {
    Set<String> what = new HashSet<>();
    for (int i = world.below(2); i >= 0; i--) {
      what.add(CATEGORIES.get(world.below(CATEGORIES.size())));
    }
    if (inTime) {
      truth.inTime().computeIfAbsent(userId, user -> new HashSet<>()).addAll(what);
    }
    truth.all().computeIfAbsent(userId, user -> new HashSet<>()).addAll(what);
    AffectedEvent event = Samples.affected(id, version, dataset, what.toArray(String[]::new));
    world.in(at, () -> owner(userId).affected(userId, event));
  }

  private void planDecisions(String id, int version, boolean last, long from) {
    long at = from;
    if (last || world.oneIn(2)) {
      decide(at, 4_000, Samples.approval(id, version));
    }
    if (world.oneIn(4)) {
      at += 4_000 + world.below(10_000);
      decide(at, 500, Samples.decision(id, version, DecisionKind.HOLD));
      at += 500 + world.below(100_000);
      decide(at, 500, Samples.decision(id, version, DecisionKind.RESUME));
    }
    if (last && world.oneIn(15)) {
      cancelled.add(id);
      decide(
          at + 4_000 + world.below(20_000),
          500,
          Samples.decision(id, version, DecisionKind.CANCEL));
    }
  }

  private void decide(long at, int spread, Decision.Builder decision) {
    everywhere(at, spread, new DispatchControl(decision.setDecisionId("d-" + decisions++).build()));
    lastDecision = Math.max(lastDecision, at);
  }

  /** A copy for each partition, each at a time of its own. */
  private void everywhere(long at, int spread, DispatchControl control) {
    for (DispatcherTask each : dispatchers) {
      world.in(at + world.below(spread), () -> each.control(control));
    }
  }
}
