package io.tocsin.system.simulation;

import io.tocsin.avro.AffectedEvent;
import io.tocsin.avro.Channel;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DispatchControl;
import io.tocsin.avro.EndMarker;
import io.tocsin.avro.IncidentProgress;
import io.tocsin.avro.Notice;
import io.tocsin.avro.SendCommand;
import io.tocsin.avro.User;
import io.tocsin.streams.dispatcher.Samples;
import io.tocsin.streams.dispatcher.SimulatedDispatcher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * One task of the dispatcher: reads its partition of four topics in transactions of a few records,
 * and can die before and after the commit of each.
 */
final class DispatcherTask implements SimulatedDispatcher.Output {

  private static final long TICK = 50;

  /** The topics it reads; records of different ones are in no order. */
  private enum Source {
    USERS,
    AFFECTED,
    CONTROL,
    EVENTS
  }

  private interface Input {
    void to(SimulatedDispatcher dispatcher, long now);
  }

  private interface Written {
    void to(Kafka kafka);
  }

  private final World world;
  private final Kafka kafka;
  private final Bug bug;
  private final BiConsumer<String, SendCommand> check;
  private final int partition;
  private final long skew;
  private final SimulatedDispatcher dispatcher;
  private final Map<Source, List<Input>> topics = new EnumMap<>(Source.class);
  private final Map<Source, Integer> positions = new EnumMap<>(Source.class);
  private final List<Written> written = new ArrayList<>();
  private final Map<Channel, Integer> commands = new EnumMap<>(Channel.class);
  private boolean down;
  private long wakesAt;

  /**
   * Takes up a partition.
   *
   * @param skew how many ms its clock is ahead
   * @param check sees every command as it is decided
   */
  DispatcherTask(
      World world,
      Kafka kafka,
      Bug bug,
      int partition,
      long skew,
      Map<String, String> options,
      BiConsumer<String, SendCommand> check) {
    this.world = world;
    this.kafka = kafka;
    this.bug = bug;
    this.check = check;
    this.partition = partition;
    this.skew = skew;
    for (Source source : Source.values()) {
      topics.put(source, new ArrayList<>());
      positions.put(source, 0);
    }
    this.dispatcher = new SimulatedDispatcher(options, partition, this, clock());
    kafka.reader(this::event);
  }

  private long clock() {
    return world.now() + skew;
  }

  void user(String userId, User user) {
    add(Source.USERS, (to, now) -> to.user(userId, user, now));
  }

  void control(DispatchControl control) {
    add(Source.CONTROL, (to, now) -> to.control(control, now));
  }

  void affected(String userId, AffectedEvent event) {
    if (bug == Bug.EARLY_BARRIER && event.getBody() instanceof EndMarker) {
      for (int shard = 0; shard < Scenario.SHARDS; shard++) {
        AffectedEvent early =
            Samples.marker(event.getIncidentId(), event.getVersion(), Integer.toString(shard));
        add(Source.AFFECTED, (to, now) -> to.affected(userId, early, now));
      }
    } else {
      add(Source.AFFECTED, (to, now) -> to.affected(userId, event, now));
    }
  }

  private void event(String key, DeliveryEvent event) {
    add(
        Source.EVENTS,
        (to, now) ->
            to.reported(key, event, now)
                .ifPresent(problem -> {
                  throw new AssertionError(problem);
                }));
  }

  private void add(Source source, Input record) {
    topic(source).add(record);
    wakeIn(world.late(30, 1_000));
  }

  private List<Input> topic(Source source) {
    return Objects.requireNonNull(topics.get(source));
  }

  private int position(Source source) {
    return Objects.requireNonNull(positions.get(source));
  }

  private void wakeIn(long delay) {
    long at = world.now() + delay;
    if (down || (wakesAt != 0 && wakesAt <= at)) {
      return;
    }
    wakesAt = at;
    world.in(
        delay,
        () -> {
          if (wakesAt == at && !down) {
            wakesAt = 0;
            transact();
          }
        });
  }

  /** One transaction. */
  private void transact() {
    boolean aborts = world.disaster();
    SimulatedDispatcher.Snapshot before = aborts ? dispatcher.snapshot() : null;
    Map<Source, Integer> from = new EnumMap<>(positions);
    long writes = dispatcher.writes();
    for (int i = world.below(6); i >= 0 && takeOne(); i--) {
      // One record after the other.
    }
    dispatcher.tick(clock());
    boolean quiet = dispatcher.writes() == writes;
    end(!aborts);
    if (before != null) {
      dispatcher.restore(before);
      positions.putAll(from);
      die();
    } else if (world.disaster()) {
      die();
    } else if (!quiet || waiting().size() > 0) {
      wakeIn(TICK);
    } else if (dispatcher.nextDue() != 0) {
      wakeIn(Math.max(TICK, dispatcher.nextDue() - clock()));
    }
  }

  private boolean takeOne() {
    List<Source> waiting = waiting();
    if (waiting.isEmpty()) {
      return false;
    }
    Source source = waiting.get(world.below(waiting.size()));
    int position = position(source);
    positions.put(source, position + 1);
    topic(source).get(position).to(dispatcher, clock());
    return true;
  }

  private List<Source> waiting() {
    List<Source> waiting = new ArrayList<>();
    for (Source source : Source.values()) {
      if (position(source) < topic(source).size()) {
        waiting.add(source);
      }
    }
    return waiting;
  }

  /** Commits or aborts: either leaves a marker in every partition written to. */
  private void end(boolean commit) {
    List<Written> all = List.copyOf(written);
    written.clear();
    if (commit) {
      all.forEach(each -> each.to(kafka));
    }
    commands.forEach((channel, count) -> {
      kafka.commands(channel, partition).skip(commit ? 1 : count + 1);
      kafka.group(channel).wake(partition);
    });
    commands.clear();
  }

  private void die() {
    down = true;
    wakesAt = 0;
    world.in(
        world.late(20_000, 1_200_000),
        () -> {
          down = false;
          dispatcher.restart(clock());
          wakeIn(0);
        });
  }

  @Override
  public void command(String userId, SendCommand command) {
    check.accept(userId, command);
    SendCommand told = bug == Bug.IMMEDIATE_RESEND ? patient(command) : command;
    commands.merge(command.getChannel(), 1, Integer::sum);
    written.add(to -> to.command(partition, userId, told));
  }

  /** The notifier takes its time, whatever the dispatcher counts on. */
  private SendCommand patient(SendCommand command) {
    Instant later = command.getNotAfter().plusMillis(Scenario.COMMAND_TTL);
    return SendCommand.newBuilder(command).setNotAfter(later).build();
  }

  @Override
  public void notice(Notice notice) {
    written.add(to -> to.notices.add(notice));
  }

  @Override
  public void progress(IncidentProgress progress) {
    written.add(to ->
        to.progress
            .computeIfAbsent(progress.getIncidentId(), id -> new HashMap<>())
            .put(partition, progress));
  }
}
