package io.tocsin.notifier.run;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tocsin.avro.CommandKind;
import io.tocsin.notifier.attempt.Lease;
import io.tocsin.notifier.attempt.RateLimit;
import io.tocsin.notifier.journal.Fate;
import io.tocsin.schemas.serde.RegistryException;
import io.tocsin.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one channel's commands from Kafka and sees each to an outcome that Kafka has acknowledged.
 *
 * <p>One thread polls. In a cycle it frees the slots whose outcomes are acknowledged, takes records
 * for the free ones, commits the journals that now show them as intended, and only then lets the
 * attempts start. So whatever the moment of a crash, the next owner finds at most as many commands
 * in doubt as there are slots.
 *
 * <p>A stop or a rebalance takes no more records, takes back the intents that have not started,
 * waits for the attempts in flight and commits: it leaves nothing in doubt. Partitions that were
 * lost (the group went on without this member) are dropped; their attempts may not start any more.
 */
public final class ChannelLoop implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ChannelLoop.class);

  private static final Duration IDLE = Duration.ofMillis(100);
  private static final Duration BUSY = Duration.ofMillis(10);

  /**
   * What is finished is committed this soon even if nothing new is intended: it would be in doubt
   * after a crash.
   */
  private static final Duration COMMIT_LINGER = Duration.ofMillis(20);

  private static final Duration REGISTRY_PAUSE = Duration.ofSeconds(1);

  private final ChannelSettings settings;
  private final Consumer<byte[], byte[]> consumer;
  private final CommandReader reader;
  private final Slots slots;
  private final Lease lease;
  private final RateLimit rate;
  private final Partitions partitions;
  private final List<Slot> unstarted = new ArrayList<>();
  private final AtomicInteger occupied = new AtomicInteger();
  private final Thread thread;
  private boolean stalled;
  private long registryPausedUntil = System.nanoTime();
  private long committedAt = System.nanoTime();
  private volatile boolean closing;
  private volatile boolean killed;
  private volatile boolean joined;
  private volatile @Nullable String registryTrouble;
  private volatile @Nullable RuntimeException failure;

  ChannelLoop(
      ChannelSettings settings,
      Consumer<byte[], byte[]> consumer,
      CommandReader reader,
      Slots slots,
      Lease lease,
      RateLimit rate,
      MeterRegistry metrics) {
    this.settings = settings;
    this.consumer = consumer;
    this.reader = reader;
    this.slots = slots;
    this.lease = lease;
    this.rate = rate;
    this.partitions = new Partitions(consumer, settings.slots());
    Gauge.builder("tocsin.notifier.in.flight", occupied, AtomicInteger::get)
        .tag("channel", settings.word())
        .register(metrics);
    this.thread = Thread.ofPlatform().name("notifier-" + settings.word()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Why the loop has stopped; empty while it runs. */
  public Optional<String> unhealthy() {
    return Optional.ofNullable(failure)
        .map(e -> "the " + settings.word() + " loop has stopped: " + e.getMessage());
  }

  /** Why no commands are worked on; empty when they are. */
  public Optional<String> unready() {
    String trouble = registryTrouble;
    if (trouble != null) {
      return Optional.of(trouble);
    }
    return joined
        ? Optional.empty()
        : Optional.of("the " + settings.word() + " loop has not joined its group yet");
  }

  /** Finishes what is in flight, commits and leaves the group. */
  @Override
  public void close() {
    closing = true;
    join();
  }

  /** Stops as a SIGKILL would: nothing is waited for, committed or reported. For tests. */
  void kill() {
    killed = true;
    slots.cut();
    join();
  }

  private void join() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (slots) {
      try {
        work();
      } finally {
        leave();
      }
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  /** A stop gives its partitions away at once; who was killed keeps them if it has a name. */
  private void leave() {
    consumer.close(
        CloseOptions.groupMembershipOperation(
            killed ? GroupMembershipOperation.DEFAULT : GroupMembershipOperation.LEAVE_GROUP));
  }

  private void work() {
    try {
      awaitRegistry();
      consumer.subscribe(List.of(Topics.send(settings.channel()).name()), new Rebalances());
      while (!closing && !killed) {
        cycle();
      }
      if (!killed) {
        release(partitions.all());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // Before the consumer is closed, which would otherwise commit what may not be true.
      failed(e);
    }
  }

  private void failed(RuntimeException e) {
    failure = e;
    killed = true;
    log.atError()
        .addKeyValue("channel", settings.word())
        .setCause(e)
        .log("The channel's loop has stopped");
  }

  /** No command is started before its outcome can be written. */
  private void awaitRegistry() throws InterruptedException {
    while (!closing && !killed) {
      try {
        slots.prepare();
        registryTrouble = null;
        return;
      } catch (RegistryException e) {
        if (registryTrouble == null) {
          log.atWarn()
              .addKeyValue("channel", settings.word())
              .addKeyValue("reason", e.getMessage())
              .log("Waiting for the schema registry");
        }
        registryTrouble = e.getMessage();
        Thread.sleep(REGISTRY_PAUSE);
      }
    }
  }

  private void cycle() throws InterruptedException {
    boolean blocked = partitions.haveQueued() && (stalled || !canTake());
    takeFinished(blocked ? BUSY : Duration.ZERO);
    poll(pollTimeout());
    takeFinished(Duration.ZERO);
    if (unstarted.isEmpty()) {
      fillSlots();
    }
    if (unstarted.isEmpty()) {
      if (partitions.isDirty() && System.nanoTime() - committedAt > COMMIT_LINGER.toNanos()) {
        commit();
      }
    } else if (commit()) {
      unstarted.forEach(slots::start);
      unstarted.clear();
    }
  }

  private boolean canTake() {
    return occupied.get() < settings.slots()
        && unstarted.isEmpty()
        && System.nanoTime() - registryPausedUntil >= 0;
  }

  private Duration pollTimeout() {
    if (!unstarted.isEmpty()) {
      return BUSY;
    }
    if (partitions.haveQueued()) {
      return Duration.ZERO;
    }
    return partitions.isDirty() ? COMMIT_LINGER : IDLE;
  }

  private void poll(Duration timeout) {
    partitions.recoverPending();
    partitions.applyBackpressure();
    try {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(timeout);
      partitions.add(records);
    } catch (InvalidOffsetException e) {
      // Without a reset policy a missing or vanished offset surfaces here; the journal decides what
      // it means.
      log.atWarn()
          .addKeyValue("channel", settings.word())
          .addKeyValue("partitions", e.partitions())
          .addKeyValue("error", e.getClass().getSimpleName())
          .log("Offsets are missing or out of range; the journal is read again");
      drop(partitions.of(e.partitions()));
      partitions.assigned(e.partitions());
    }
  }

  private void takeFinished(Duration wait) throws InterruptedException {
    List<Slot> finished = new ArrayList<>();
    slots.drainFinished(finished, wait);
    for (Slot slot : finished) {
      occupied.decrementAndGet();
      if (!slot.run().isLost()) {
        slot.run().finish(slot.offset());
      }
    }
  }

  private void fillSlots() {
    stalled = true;
    while (occupied.get() < settings.slots() && System.nanoTime() - registryPausedUntil >= 0) {
      PartitionRun run = partitions.nextWithWork();
      if (run == null || !take(run)) {
        return;
      }
      stalled = false;
    }
  }

  private boolean take(PartitionRun run) {
    PartitionRun.Head head = run.next();
    if (head == null) {
      return false;
    }
    CommandReader.Read read;
    try {
      read = reader.read(head.record());
      registryTrouble = null;
    } catch (RegistryException e) {
      registryPausedUntil = System.nanoTime() + REGISTRY_PAUSE.toNanos();
      registryTrouble = e.getMessage();
      return false;
    }
    boolean attempt =
        head.fate() == Fate.FRESH
            && read instanceof CommandReader.Command command
            && command.command().getKind() == CommandKind.SEND;
    if (attempt && !rate.tryTake()) {
      return false;
    }
    run.take(head);
    occupied.incrementAndGet();
    unstarted.add(new Slot(run, head.record(), head.fate(), read));
    return true;
  }

  /** Commits every journal that changed; true if Kafka acknowledged it, which renews the lease. */
  private boolean commit() {
    if (!partitions.isDirty()) {
      return true;
    }
    Runnable renew = lease.request();
    if (!partitions.commit(partitions.all())) {
      return false;
    }
    renew.run();
    committedAt = System.nanoTime();
    return true;
  }

  /** Lets go of partitions in good order. */
  private void release(Collection<PartitionRun> runs) throws InterruptedException {
    withdrawUnstarted(runs);
    runs.forEach(PartitionRun::forgetUnread);
    long deadline = System.nanoTime() + settings.drain().toNanos();
    while (runs.stream().anyMatch(run -> run.inFlight() > 0) && System.nanoTime() - deadline < 0) {
      takeFinished(BUSY);
    }
    int left = runs.stream().mapToInt(PartitionRun::inFlight).sum();
    if (left > 0) {
      log.atWarn()
          .addKeyValue("channel", settings.word())
          .addKeyValue("inFlight", left)
          .log(
              "Attempts are still in flight after notifier.drain.ms; the next owner reports them as"
                  + " UNKNOWN");
    }
    partitions.commit(runs);
    drop(runs);
  }

  private void withdrawUnstarted(Collection<PartitionRun> runs) {
    for (PartitionRun run : runs) {
      List<Slot> mine = unstarted.stream().filter(slot -> slot.run() == run).toList();
      List<Slot> fresh = mine.stream().filter(slot -> slot.fate() == Fate.FRESH).toList();
      if (!fresh.isEmpty()) {
        run.withdrawFrom(fresh.getFirst().offset(), fresh.size());
      }
      // Doubtful ones stay open in the journal, so that the next owner reports them.
      run.forget(mine.size() - fresh.size());
      unstarted.removeAll(mine);
      occupied.addAndGet(-mine.size());
    }
  }

  /** Lets go of partitions that belong to somebody else already. */
  private void drop(Collection<PartitionRun> runs) {
    for (PartitionRun run : List.copyOf(runs)) {
      run.lose();
      List<Slot> mine = unstarted.stream().filter(slot -> slot.run() == run).toList();
      unstarted.removeAll(mine);
      occupied.addAndGet(-mine.size());
      partitions.remove(run);
    }
  }

  private final class Rebalances implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
      joined = true;
      partitions.assigned(assigned);
      partitions.recoverPending();
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
      if (killed || revoked.isEmpty()) {
        return;
      }
      try {
        release(partitions.of(revoked));
        partitions.forget(revoked);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
      log.atWarn()
          .addKeyValue("channel", settings.word())
          .addKeyValue("partitions", lost)
          .log("Partitions were taken over by another instance");
      drop(partitions.of(lost));
      partitions.forget(lost);
    }
  }
}
