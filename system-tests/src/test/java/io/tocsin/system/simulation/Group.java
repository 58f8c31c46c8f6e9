package io.tocsin.system.simulation;

import io.tocsin.notifier.journal.Recovery.Committed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A consumer group with a cooperative assignor, and its offsets. */
final class Group {

  private final World world;
  private final String topic;
  private final List<PartitionLog> logs;
  private final List<CommandConsumer> members = new ArrayList<>();
  private final @Nullable CommandConsumer[] owners;
  private final @Nullable CommandConsumer[] targets;
  private final Map<Integer, Committed> offsets = new HashMap<>();

  Group(World world, String topic, List<PartitionLog> logs) {
    this.world = world;
    this.topic = topic;
    this.logs = logs;
    this.owners = new CommandConsumer[logs.size()];
    this.targets = new CommandConsumer[logs.size()];
  }

  String topic() {
    return topic;
  }

  PartitionLog log(int partition) {
    return logs.get(partition);
  }

  void join(CommandConsumer member) {
    members.add(member);
    rebalance();
  }

  boolean has(CommandConsumer member) {
    return members.contains(member);
  }

  /** A member has left, or was silent for too long: its partitions are free. */
  void remove(CommandConsumer member) {
    if (members.remove(member)) {
      for (int partition = 0; partition < owners.length; partition++) {
        if (owners[partition] == member) {
          owners[partition] = null;
        }
      }
      rebalance();
    }
  }

  private void rebalance() {
    int fair = members.isEmpty() ? 0 : (logs.size() + members.size() - 1) / members.size();
    Map<CommandConsumer, Integer> counts = new HashMap<>();
    for (int partition = 0; partition < targets.length; partition++) {
      CommandConsumer keeper = owners[partition] == null ? targets[partition] : owners[partition];
      boolean keeps = keeper != null && has(keeper) && counts.getOrDefault(keeper, 0) < fair;
      targets[partition] = keeps ? keeper : null;
      if (keeper != null && keeps) {
        counts.merge(keeper, 1, Integer::sum);
      }
    }
    for (int partition = 0; partition < targets.length; partition++) {
      if (targets[partition] == null && !members.isEmpty()) {
        CommandConsumer least = members.getFirst();
        for (CommandConsumer member : members) {
          if (counts.getOrDefault(member, 0) < counts.getOrDefault(least, 0)) {
            least = member;
          }
        }
        targets[partition] = least;
        counts.merge(least, 1, Integer::sum);
      }
    }
    members.forEach(CommandConsumer::wake);
  }

  boolean owns(CommandConsumer member, int partition) {
    return owners[partition] == member;
  }

  /** Partitions that a member has to give up. */
  List<Integer> toRevoke(CommandConsumer member) {
    List<Integer> some = new ArrayList<>();
    for (int partition = 0; partition < owners.length; partition++) {
      if (owners[partition] == member && targets[partition] != member) {
        some.add(partition);
      }
    }
    return some;
  }

  void release(CommandConsumer member, List<Integer> partitions) {
    for (int partition : partitions) {
      CommandConsumer next = targets[partition];
      if (owners[partition] == member) {
        owners[partition] = null;
        if (next != null) {
          next.wake();
        }
      }
    }
  }

  /** Gives a member what is free and meant for it. */
  List<Integer> assign(CommandConsumer member) {
    List<Integer> some = new ArrayList<>();
    for (int partition = 0; partition < owners.length; partition++) {
      if (owners[partition] == null && targets[partition] == member) {
        owners[partition] = member;
        some.add(partition);
      }
    }
    return some;
  }

  boolean isRebalancing() {
    for (int partition = 0; partition < owners.length; partition++) {
      if (owners[partition] != targets[partition]) {
        return true;
      }
    }
    return false;
  }

  @Nullable Committed committed(int partition) {
    return offsets.get(partition);
  }

  void commit(int partition, Committed committed) {
    offsets.put(partition, committed);
  }

  /** The metadata of an offset is lost, as when an operator resets it. */
  void forgetJournal() {
    int partition = world.below(logs.size());
    Committed committed = offsets.get(partition);
    if (committed != null) {
      offsets.put(partition, new Committed(committed.offset(), ""));
    }
  }

  /** There is something new in a partition. */
  void wake(int partition) {
    CommandConsumer owner = owners[partition];
    if (owner != null) {
      owner.wake();
    }
  }
}
