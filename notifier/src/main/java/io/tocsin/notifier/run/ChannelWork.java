package io.tocsin.notifier.run;

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
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a channel's loop does in a cycle, and how it lets go of partitions. It has no thread of its
 * own: all of it belongs to the one that polls, but for what says so.
 *
 * <p>A cycle frees the slots whose outcomes are acknowledged, takes records for the free ones,
 * commits the journals that now show them as intended, and only then lets the attempts start. So
 * whatever the moment of a crash, the next owner finds at most as many commands in doubt as there
 * are slots.
 *
 * <p>A stop or a rebalance takes no more records, takes back the intents that have not started,
 * waits for the attempts in flight and commits: it leaves nothing in doubt. Partitions that were
 * lost (the group went on without this member) are dropped; their attempts may not start any more.
 */
final class ChannelWork {

  private static final Logger log = LoggerFactory.getLogger(ChannelWork.class);

  private static final Duration IDLE = Duration.ofMillis(100);
  private static final Duration BUSY = Duration.ofMillis(10);

  /**
   * What is finished is committed this soon even if nothing new is intended: it would be in doubt
   * after a crash.
   */
  private static final Duration COMMIT_LINGER = Duration.ofMillis(20);

  /** How often and how long it may wait for more slots to be free: 2 ms in all. */
  private static final int GATHER_LOOKS = 8;

  private static final Duration GATHER_LOOK = Duration.ofNanos(250_000);

  private static final Duration REGISTRY_PAUSE = Duration.ofSeconds(1);

  private final ChannelSettings settings;
  private final Consumer<byte[], byte[]> consumer;
  private final CommandReader reader;
  private final Slots slots;
  private final Lease lease;
  private final RateLimit rate;
  private final LongSupplier nanoTime;
  private final Partitions partitions;
  private final List<Slot> unstarted = new ArrayList<>();
  private final AtomicInteger occupied = new AtomicInteger();
  private boolean stalled;
  private long registryPausedUntil;
  private long committedAt;
  private volatile boolean killed;
  private volatile boolean joined;
  private volatile @Nullable String registryTrouble;

  /**
   * Work that has not begun.
   *
   * @param nanoTime a clock for pauses, as {@link System#nanoTime}
   */
  ChannelWork(
      ChannelSettings settings,
      Consumer<byte[], byte[]> consumer,
      CommandReader reader,
      Slots slots,
      Lease lease,
      RateLimit rate,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.consumer = consumer;
    this.reader = reader;
    this.slots = slots;
    this.lease = lease;
    this.rate = rate;
    this.nanoTime = nanoTime;
    this.partitions = new Partitions(consumer, settings.slots());
    this.registryPausedUntil = nanoTime.getAsLong();
    this.committedAt = nanoTime.getAsLong();
  }

  /** Joins the group. */
  void subscribe() {
    consumer.subscribe(List.of(Topics.send(settings.channel()).name()), new Rebalances());
  }

  /** How many slots are taken. Any thread may ask. */
  int occupied() {
    return occupied.get();
  }

  /** Whether the group has given this member something. Any thread may ask. */
  boolean joined() {
    return joined;
  }

  /** Why commands cannot be read; empty while they can. Any thread may ask. */
  Optional<String> registryTrouble() {
    return Optional.ofNullable(registryTrouble);
  }

  /** Lets go of nothing in good order any more, as if the process had died. Any thread may say. */
  void kill() {
    killed = true;
  }

  /** Goes once around. */
  void cycle() throws InterruptedException {
    boolean blocked = partitions.haveQueued() && (stalled || !canTake());
    takeFinished(blocked ? BUSY : Duration.ZERO);
    gather();
    poll(pollTimeout());
    takeFinished(Duration.ZERO);
    if (unstarted.isEmpty()) {
      fillSlots();
    }
    if (unstarted.isEmpty()) {
      if (partitions.isDirty() && nanoTime.getAsLong() - committedAt > COMMIT_LINGER.toNanos()) {
        commit();
      }
    } else if (commit()) {
      unstarted.forEach(slots::start);
      unstarted.clear();
    }
  }

  /** Until a quarter of the slots is free: a commit for one costs as much as for many. */
  private void gather() throws InterruptedException {
    if (!partitions.haveQueued() || !unstarted.isEmpty()) {
      return;
    }
    for (int look = 0; look < GATHER_LOOKS && occupied.get() > settings.slots() * 3 / 4; look++) {
      takeFinished(GATHER_LOOK);
    }
  }

  private boolean canTake() {
    return occupied.get() < settings.slots()
        && unstarted.isEmpty()
        && nanoTime.getAsLong() - registryPausedUntil >= 0;
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
    while (occupied.get() < settings.slots() && nanoTime.getAsLong() - registryPausedUntil >= 0) {
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
      registryPausedUntil = nanoTime.getAsLong() + REGISTRY_PAUSE.toNanos();
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
    committedAt = nanoTime.getAsLong();
    return true;
  }

  /** Lets go of everything in good order. */
  void finish() throws InterruptedException {
    release(partitions.all());
  }

  /** Lets go of partitions in good order. */
  private void release(Collection<PartitionRun> runs) throws InterruptedException {
    withdrawUnstarted(runs);
    runs.forEach(PartitionRun::forgetUnread);
    long deadline = nanoTime.getAsLong() + settings.drain().toNanos();
    while (runs.stream().anyMatch(run -> run.inFlight() > 0)
        && nanoTime.getAsLong() - deadline < 0) {
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
