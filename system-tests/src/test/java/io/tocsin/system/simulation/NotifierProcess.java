package io.tocsin.system.simulation;

import io.tocsin.avro.Channel;
import io.tocsin.notifier.run.ChannelSettings;
import io.tocsin.notifier.run.SimulatedNotifier;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * One process of the notifier for one channel, from its start to its end: it can die at any step,
 * stand still for a while, be suspended, or stop in good order. Another is started after it.
 */
final class NotifierProcess implements SimulatedNotifier.Machine {

  private static final Duration IDLE = Duration.ofMillis(100);

  /** Ends whatever the process is doing. */
  private static final class Death extends Error {
    private static final long serialVersionUID = 1L;

    Death() {
      super("killed", null, false, false);
    }
  }

  private final World world;
  private final Notifiers notifiers;
  private final ChannelSettings settings;
  private final Group group;
  private final CommandConsumer consumer;
  private final SimulatedNotifier notifier;
  private final long skew;
  private boolean dead;
  private boolean stopping;
  private boolean cycling;
  private boolean waiting;
  private boolean wantsSlot;
  private boolean wantsCycle;
  private long cyclesAt;
  private long stillUntil;
  private long suspended;
  private long callTime;
  private Duration lastTimeout = IDLE;
  private boolean sawSomething;

  NotifierProcess(
      World world, Kafka kafka, Notifiers notifiers, ChannelSettings settings, Provider provider) {
    this.world = world;
    this.notifiers = notifiers;
    this.settings = settings;
    this.skew = world.below(2_001) - 1_000L;
    Bug bug = notifiers.bug();
    this.group = kafka.group(settings.channel());
    this.consumer = new CommandConsumer(world, group, this, bug);
    this.notifier =
        new SimulatedNotifier(
            settings,
            this,
            consumer,
            new OutcomeProducer(world, kafka, this, bug),
            provider.of(this),
            People.opener(),
            People.deadLetters(),
            () -> !world.oneIn(40));
  }

  Channel channel() {
    return settings.channel();
  }

  void start() {
    later(
        0,
        () -> {
          notifier.subscribe();
          wake(0);
        });
  }

  boolean isDead() {
    return dead;
  }

  /** Does something in a while, unless the process is dead by then; later if it stands still. */
  void later(long delay, Runnable task) {
    world.in(delay, () -> run(task));
  }

  private void run(Runnable task) {
    if (dead) {
      return;
    }
    if (world.now() < stillUntil) {
      later(stillUntil - world.now(), task);
      return;
    }
    try {
      task.run();
    } catch (Death death) {
      if (!dead) {
        die();
      }
    }
  }

  /** Here the process may die. */
  void mayDie() {
    if (dead || world.disaster()) {
      throw new Death();
    }
  }

  /** Dies on the spot; the group notices when its session is over. */
  void die() {
    dead = true;
    long session = settings.sessionTimeout().toMillis();
    world.in(session - world.below((int) session / 4), () -> group.remove(consumer));
    notifiers.gone(this);
  }

  /** The group does not wait for it any longer. */
  void giveUpPlace() {
    group.remove(consumer);
  }

  /** Stands still: a long pause of the collector, or of the whole machine. */
  void standStill(long time, boolean wholeMachine) {
    if (dead || world.now() < stillUntil) {
      return;
    }
    stillUntil = world.now() + time;
    suspended += wholeMachine ? time : 0;
    later(time, () -> wake(0));
    long session = settings.sessionTimeout().toMillis() - world.below(2_500);
    if (time > session) {
      world.in(
          session,
          () -> {
            if (world.now() < stillUntil) {
              group.remove(consumer);
            }
          });
    }
  }

  /** Asks for a stop in good order. */
  void stop() {
    stopping = true;
    wake(0);
  }

  /** Lets the loop go around soon. */
  void wake(long delay) {
    long at = world.now() + delay;
    if (dead || (cyclesAt != 0 && cyclesAt <= at)) {
      return;
    }
    cyclesAt = at;
    later(
        delay,
        () -> {
          if (cyclesAt == at) {
            cyclesAt = 0;
            cycle();
          }
        });
  }

  private void cycle() {
    if (cycling) {
      wantsCycle = true;
      return;
    }
    cycling = true;
    try {
      if (stopping) {
        whileWaiting(notifier::finish);
        dead = true;
        group.remove(consumer);
        notifiers.gone(this);
        return;
      }
      wantsSlot = false;
      sawSomething = false;
      notifier.cycle();
    } finally {
      cycling = false;
    }
    if (wantsCycle || sawSomething) {
      wantsCycle = false;
      wake(1);
    } else if (wantsSlot) {
      wake(2_000);
    } else if (lastTimeout.compareTo(IDLE) < 0) {
      wake(lastTimeout.toMillis() + 5);
    }
  }

  /** What the loop polled for: how long it would have waited tells whether it has work. */
  void polled(Duration timeout, boolean something) {
    lastTimeout = timeout;
    sawSomething |= something;
  }

  /** Takes a step in which the polling thread really waits while the world goes on. */
  void whileWaiting(Runnable step) {
    boolean before = waiting;
    waiting = true;
    step.run();
    waiting = before;
  }

  /** The polling thread hangs in a call. */
  void stall(long time) {
    pass(time);
  }

  private void pass(long time) {
    world.pass(time);
    while (!dead && world.now() < stillUntil) {
      world.pass(stillUntil - world.now());
    }
    if (dead) {
      throw new Death();
    }
  }

  /** The provider's call that was just made takes so long. */
  void callTakes(long time) {
    callTime = time;
  }

  long takeCallTime() {
    long time = callTime;
    callTime = 0;
    return time;
  }

  @Override
  public long nanoTime() {
    return TimeUnit.MILLISECONDS.toNanos(world.now() - world.start() - suspended);
  }

  @Override
  public InstantSource clock() {
    return () -> Instant.ofEpochMilli(world.now() + skew);
  }

  @Override
  public void await(Duration wait) {
    if (waiting) {
      pass(wait.toMillis());
    } else {
      wantsSlot = true;
    }
  }

  @Override
  public void fork(Runnable task) {
    later(world.late(20, 40_000), task);
  }
}
