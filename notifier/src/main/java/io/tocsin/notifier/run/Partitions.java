package io.tocsin.notifier.run;

import io.tocsin.notifier.journal.Recovery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions this instance owns, and their journals in the group's offsets. Belongs to the
 * polling thread.
 */
final class Partitions {

  private static final Logger log = LoggerFactory.getLogger(Partitions.class);

  private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(5);
  private static final int MIN_QUEUE = 64;

  private final Consumer<byte[], byte[]> consumer;
  private final int enough;
  private final Map<TopicPartition, PartitionRun> runs = new LinkedHashMap<>();
  private final Set<TopicPartition> pending = new LinkedHashSet<>();
  private final Set<TopicPartition> paused = new HashSet<>();
  private int turn;
  private boolean refused;

  /**
   * No partitions yet.
   *
   * @param slots how many records can be worked on at a time
   */
  Partitions(Consumer<byte[], byte[]> consumer, int slots) {
    this.consumer = consumer;
    this.enough = Math.max(MIN_QUEUE, 2 * slots);
  }

  /** Notes partitions whose journals are to be read; until then nothing of them is fetched. */
  void assigned(Collection<TopicPartition> partitions) {
    consumer.pause(partitions);
    pending.addAll(partitions);
  }

  /**
   * Reads the journals of newly assigned partitions; those that cannot be read now are tried again.
   */
  void recoverPending() {
    if (pending.isEmpty()) {
      return;
    }
    Set<TopicPartition> wanted = new LinkedHashSet<>(pending);
    try {
      Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(wanted);
      Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(wanted);
      Map<TopicPartition, Long> ends = consumer.endOffsets(wanted);
      for (TopicPartition partition : wanted) {
        recover(
            partition,
            committed.get(partition),
            Objects.requireNonNull(beginnings.get(partition)),
            Objects.requireNonNull(ends.get(partition)));
      }
    } catch (RetriableException e) {
      log.atWarn()
          .addKeyValue("partitions", wanted)
          .addKeyValue("error", e.getClass().getSimpleName())
          .log("Journals cannot be read yet");
    }
  }

  private void recover(
      TopicPartition partition, @Nullable OffsetAndMetadata committed, long beginning, long end) {
    Recovery recovery =
        Recovery.of(
            committed == null
                ? null
                : new Recovery.Committed(committed.offset(), committed.metadata()),
            beginning,
            end);
    (recovery.basis() == Recovery.Basis.LOST && recovery.position() < end
            ? log.atWarn()
            : log.atInfo())
        .addKeyValue("partition", partition)
        .addKeyValue("basis", recovery.basis())
        .addKeyValue("position", recovery.position())
        .addKeyValue("doubtfulUntil", recovery.journal().upper())
        .log("Partition taken over");
    consumer.seek(partition, recovery.position());
    consumer.resume(Set.of(partition));
    paused.remove(partition);
    runs.put(partition, new PartitionRun(partition, recovery.journal()));
    pending.remove(partition);
  }

  void add(ConsumerRecords<byte[], byte[]> records) {
    for (TopicPartition partition : records.partitions()) {
      PartitionRun run = runs.get(partition);
      if (run == null) {
        throw new IllegalStateException("records of " + partition + " arrived before its journal");
      }
      run.add(records.records(partition));
    }
  }

  /** Fetches no more of partitions that have enough to go on with. */
  void applyBackpressure() {
    for (PartitionRun run : runs.values()) {
      boolean full = run.queued() >= enough;
      if (full && paused.add(run.partition())) {
        consumer.pause(Set.of(run.partition()));
      } else if (!full && paused.remove(run.partition())) {
        consumer.resume(Set.of(run.partition()));
      }
    }
  }

  boolean haveQueued() {
    for (PartitionRun run : runs.values()) {
      if (run.queued() > 0) {
        return true;
      }
    }
    return false;
  }

  /** The next partition, in turn, that has a record to take; null if none has. */
  @Nullable PartitionRun nextWithWork() {
    List<PartitionRun> all = new ArrayList<>(runs.values());
    for (int i = 0; i < all.size(); i++) {
      PartitionRun run = all.get((turn + i) % all.size());
      if (run.next() != null) {
        turn = (turn + i + 1) % all.size();
        return run;
      }
    }
    return null;
  }

  boolean isDirty() {
    for (PartitionRun run : runs.values()) {
      if (run.isDirty()) {
        return true;
      }
    }
    return false;
  }

  List<PartitionRun> all() {
    return List.copyOf(runs.values());
  }

  List<PartitionRun> of(Collection<TopicPartition> partitions) {
    return partitions.stream().map(runs::get).filter(Objects::nonNull).toList();
  }

  void remove(PartitionRun run) {
    runs.remove(run.partition(), run);
  }

  void forget(Collection<TopicPartition> partitions) {
    pending.removeAll(partitions);
  }

  /**
   * Commits the journals that changed.
   *
   * @return whether Kafka acknowledged it; if not, the group is being rebalanced or is out of
   *     reach, and polling tells
   */
  boolean commit(Collection<PartitionRun> which) {
    List<PartitionRun> dirty = which.stream().filter(PartitionRun::isDirty).toList();
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    dirty.forEach(run -> offsets.put(run.partition(), run.toCommit()));
    try {
      if (!offsets.isEmpty()) {
        consumer.commitSync(offsets, COMMIT_TIMEOUT);
      }
      dirty.forEach(PartitionRun::committed);
      refused = false;
      return true;
    } catch (RebalanceInProgressException
        | CommitFailedException
        | RetriableCommitFailedException
        | TimeoutException e) {
      if (!refused) {
        log.atInfo()
            .addKeyValue("partitions", offsets.keySet())
            .addKeyValue("error", e.getClass().getSimpleName())
            .log("Journals cannot be committed now; nothing new is started until they can");
      }
      refused = true;
      return false;
    }
  }
}
