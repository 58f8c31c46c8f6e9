package io.tocsin.system.simulation;

import io.tocsin.avro.Channel;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.IncidentProgress;
import io.tocsin.avro.Notice;
import io.tocsin.avro.SendCommand;
import io.tocsin.notifier.run.SimulatedNotifier;
import io.tocsin.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

/** The topics between dispatcher and notifier, and what the dispatcher publishes. */
final class Kafka {

  static final int PARTITIONS = 2;

  private final Map<Channel, List<PartitionLog>> commands = new EnumMap<>(Channel.class);
  private final Map<Channel, Group> groups = new EnumMap<>(Channel.class);
  private final List<BiConsumer<String, DeliveryEvent>> readers = new ArrayList<>();

  /** Every outcome and receipt, in order. */
  final List<DeliveryEvent> events = new ArrayList<>();

  /** Every committed command, in order. */
  final List<SendCommand> issued = new ArrayList<>();

  /** Every committed transition, in order. */
  final List<Notice> notices = new ArrayList<>();

  /** The latest word on an incident from each partition. */
  final Map<String, Map<Integer, IncidentProgress>> progress = new HashMap<>();

  Kafka(World world) {
    for (Channel channel : Channel.values()) {
      List<PartitionLog> logs = new ArrayList<>();
      for (int partition = 0; partition < PARTITIONS; partition++) {
        logs.add(new PartitionLog(Topics.send(channel).name(), partition));
      }
      commands.put(channel, logs);
      groups.put(channel, new Group(world, Topics.send(channel).name(), logs));
    }
  }

  Group group(Channel channel) {
    return Objects.requireNonNull(groups.get(channel));
  }

  PartitionLog commands(Channel channel, int partition) {
    return Objects.requireNonNull(commands.get(channel)).get(partition);
  }

  /** Who reads a partition of delivery-events. */
  void reader(BiConsumer<String, DeliveryEvent> reader) {
    readers.add(reader);
  }

  void command(int partition, String userId, SendCommand command) {
    issued.add(command);
    commands(command.getChannel(), partition)
        .append(
            userId.getBytes(StandardCharsets.UTF_8),
            SimulatedNotifier.commands().encode(Topics.send(command.getChannel()).name(), command));
  }

  void event(int partition, byte[] key, byte[] value) {
    event(
        partition,
        new String(key, StandardCharsets.UTF_8),
        SimulatedNotifier.events().decode(Topics.DELIVERY_EVENTS.name(), value));
  }

  void event(int partition, String key, DeliveryEvent event) {
    events.add(event);
    readers.get(partition).accept(key, event);
  }
}
