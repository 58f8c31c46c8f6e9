package io.tocsin.system.simulation;

import io.tocsin.notifier.journal.Recovery.Committed;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A member of the group as a notifier sees it: all that its loop asks of a consumer. */
final class CommandConsumer extends MockConsumer<byte[], byte[]> {

  private static final int MOST_RECORDS = 5;

  private final World world;
  private final Group group;
  private final NotifierProcess process;
  private final Bug bug;
  private final Map<Integer, Long> positions = new TreeMap<>();
  private final Set<Integer> paused = new HashSet<>();
  private @Nullable ConsumerRebalanceListener listener;

  CommandConsumer(World world, Group group, NotifierProcess process, Bug bug) {
    super("none");
    this.world = world;
    this.group = group;
    this.process = process;
    this.bug = bug;
  }

  void wake() {
    process.wake(world.late(10, 500));
  }

  @Override
  public void subscribe(Collection<String> topics, ConsumerRebalanceListener rebalances) {
    listener = rebalances;
    group.join(this);
  }

  @Override
  public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    process.mayDie();
    boolean rejoined = rejoinIfRemoved();
    boolean gaveUp = giveUp();
    boolean moved = takeUp() || gaveUp || rejoined;
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
    for (Map.Entry<Integer, Long> position : positions.entrySet()) {
      int partition = position.getKey();
      if (!paused.contains(partition)) {
        List<ConsumerRecord<byte[], byte[]>> some =
            List.copyOf(group.log(partition).from(position.getValue(), most()));
        if (!some.isEmpty()) {
          position.setValue(some.getLast().offset() + 1);
          records.put(of(partition), some);
        }
      }
    }
    process.polled(timeout, moved || !records.isEmpty());
    return new ConsumerRecords<>(records, Map.of());
  }

  private int most() {
    return 1 + world.below(MOST_RECORDS);
  }

  private boolean rejoinIfRemoved() {
    if (group.has(this)) {
      return false;
    }
    List<TopicPartition> lost = positions.keySet().stream().map(this::of).toList();
    positions.clear();
    paused.clear();
    if (!lost.isEmpty()) {
      listener().onPartitionsLost(lost);
    }
    group.join(this);
    return true;
  }

  private boolean giveUp() {
    List<Integer> some = group.toRevoke(this);
    if (some.isEmpty()) {
      return false;
    }
    process.whileWaiting(
        () -> listener().onPartitionsRevoked(some.stream().map(this::of).toList()));
    positions.keySet().removeAll(some);
    paused.removeAll(some);
    group.release(this, some);
    return true;
  }

  private boolean takeUp() {
    List<Integer> some = group.assign(this);
    if (some.isEmpty()) {
      return false;
    }
    some.forEach(partition -> positions.put(partition, Long.MAX_VALUE));
    listener().onPartitionsAssigned(some.stream().map(this::of).toList());
    return true;
  }

  private ConsumerRebalanceListener listener() {
    return Objects.requireNonNull(listener);
  }

  @Override
  public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
    process.mayDie();
    if (world.oneIn(25)) {
      process.stall(world.below(8_000));
    }
    if (!offsets.keySet().stream().allMatch(each -> group.owns(this, each.partition()))) {
      throw new CommitFailedException();
    }
    if (group.isRebalancing() && world.oneIn(4)) {
      throw new RebalanceInProgressException("a rebalance");
    }
    if (world.oneIn(40)) {
      throw new TimeoutException("not stored");
    }
    if (bug == Bug.SEND_BEFORE_INTENT) {
      process.later(200, () -> store(offsets));
      return;
    }
    store(offsets);
    process.mayDie();
    if (world.oneIn(40)) {
      throw new TimeoutException("stored, but the answer got lost");
    }
    if (world.oneIn(25)) {
      process.stall(world.below(8_000));
    }
  }

  private void store(Map<TopicPartition, OffsetAndMetadata> offsets) {
    offsets.forEach((partition, offset) -> {
      if (group.owns(this, partition.partition())) {
        group.commit(partition.partition(), new Committed(offset.offset(), offset.metadata()));
      }
    });
  }

  @Override
  public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
      Set<TopicPartition> partitions) {
    process.mayDie();
    if (world.oneIn(20)) {
      process.wake(100);
      throw new TimeoutException("no coordinator");
    }
    Map<TopicPartition, OffsetAndMetadata> all = new HashMap<>();
    for (TopicPartition partition : partitions) {
      Committed committed = group.committed(partition.partition());
      if (committed != null) {
        all.put(partition, new OffsetAndMetadata(committed.offset(), committed.metadata()));
      }
    }
    return all;
  }

  @Override
  public synchronized Map<TopicPartition, Long> beginningOffsets(
      Collection<TopicPartition> partitions) {
    Map<TopicPartition, Long> all = new HashMap<>();
    partitions.forEach(partition -> all.put(partition, 0L));
    return all;
  }

  @Override
  public synchronized Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
    Map<TopicPartition, Long> all = new HashMap<>();
    partitions.forEach(partition -> all.put(partition, group.log(partition.partition()).end()));
    return all;
  }

  @Override
  public synchronized void seek(TopicPartition partition, long offset) {
    positions.put(partition.partition(), offset);
  }

  @Override
  public synchronized void pause(Collection<TopicPartition> partitions) {
    partitions.forEach(partition -> paused.add(partition.partition()));
  }

  @Override
  public synchronized void resume(Collection<TopicPartition> partitions) {
    partitions.forEach(partition -> paused.remove(partition.partition()));
  }

  private TopicPartition of(int partition) {
    return new TopicPartition(group.topic(), partition);
  }
}
