package io.tocsin.system.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.avro.Channel;
import io.tocsin.avro.CommandKind;
import io.tocsin.avro.SendCommand;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.streams.dispatcher.DispatcherSettings;
import io.tocsin.streams.dispatcher.Samples;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One schedule: two partitions of the dispatcher, some processes of the notifier for each channel,
 * a provider for each, and some days of virtual time.
 */
final class DeliverySimulation {

  private final World world;
  private final Kafka kafka;
  private final Scenario scenario;
  private final Map<Channel, Notifiers> notifiers = new EnumMap<>(Channel.class);

  DeliverySimulation(long seed, Bug bug) {
    world = new World(seed, Samples.START);
    kafka = new Kafka(world);
    List<DispatcherTask> dispatchers = new ArrayList<>();
    Map<String, String> options = options(bug);
    for (int partition = 0; partition < Kafka.PARTITIONS; partition++) {
      dispatchers.add(
          new DispatcherTask(
              world, kafka, bug, partition, world.below(2_001) - 1_000L, options, this::mayGoOut));
    }
    for (Channel channel : Channel.values()) {
      notifiers.put(channel, new Notifiers(world, kafka, bug, channel));
    }
    scenario = new Scenario(world, dispatchers);
  }

  private Map<String, String> options(Bug bug) {
    return Map.of(
        CommonKeys.USERS_PARTITIONS,
        Integer.toString(Kafka.PARTITIONS),
        DispatcherSettings.TICK_RECORDS,
        Integer.toString(1 + world.below(20)),
        DispatcherSettings.WINDOW_MIN,
        Integer.toString(1 + world.below(6)),
        DispatcherSettings.WINDOW_MAX,
        "8",
        DispatcherSettings.PROGRESS,
        "0",
        DispatcherSettings.COMMAND_TTL,
        Integer.toString(bug == Bug.IMMEDIATE_RESEND ? 1 : Scenario.COMMAND_TTL),
        DispatcherSettings.CALL_MAX,
        Integer.toString(bug == Bug.IMMEDIATE_RESEND ? 1 : Scenario.CALL_MAX),
        DispatcherSettings.CLOCK_SKEW,
        bug == Bug.IMMEDIATE_RESEND ? "0" : "2000",
        DispatcherSettings.RECONCILE_WINDOW,
        Integer.toString(Scenario.LISTED_AFTER));
  }

  /** Runs until nothing is left to happen, and checks what must hold then. */
  Verdict run() {
    scenario.plan();
    for (Notifiers each : notifiers.values()) {
      for (int i = world.below(4); i > 0; i--) {
        int soon = world.oneIn(3) ? 300_000 : 15_000;
        world.in(world.below(soon), each::trouble);
      }
    }
    world.run();
    Verdict verdict = new Verdict(kafka, scenario, notifiers);
    verdict.check();
    return verdict;
  }

  /** Nothing goes out that names less than every shard had listed before its end marker. */
  private void mayGoOut(String userId, SendCommand command) {
    if (command.getKind() == CommandKind.SEND) {
      int version = Integer.parseInt(command.getTemplateVersion().substring(1));
      Set<String> inTime =
          scenario.truth(command.getIncidentId(), version).inTime().getOrDefault(userId, Set.of());
      assertThat(new HashSet<>(command.getCategories()))
          .as("what %s is told of %s", userId, command.getIncidentId())
          .containsAll(inTime);
    }
  }
}
