package io.tocsin.system.simulation;

import io.tocsin.avro.Channel;
import io.tocsin.notifier.run.ChannelSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The processes of one channel's notifier: who dies or stops is started again. */
final class Notifiers {

  private final World world;
  private final Kafka kafka;
  private final Bug bug;
  private final Provider provider;
  private final ChannelSettings settings;
  private final boolean named;
  private final List<NotifierProcess> running = new ArrayList<>();

  Notifiers(World world, Kafka kafka, Bug bug, Channel channel) {
    this.world = world;
    this.kafka = kafka;
    this.bug = bug;
    this.provider = new Provider(world, kafka, bug, channel);
    this.settings =
        new ChannelSettings(
            channel,
            1 + world.below(4),
            0,
            Duration.ofSeconds(6),
            Duration.ofSeconds(10),
            Duration.ofSeconds(world.oneIn(3) ? 2 : 90),
            world.oneIn(4) ? 2 : 10,
            Duration.ofSeconds(5),
            Kafka.PARTITIONS,
            Optional.empty());
    this.named = world.oneIn(3);
    int processes = 1 + world.below(3);
    for (int i = 0; i < processes; i++) {
      start();
    }
  }

  Bug bug() {
    return bug;
  }

  Provider provider() {
    return provider;
  }

  private void start() {
    NotifierProcess process = new NotifierProcess(world, kafka, this, settings, provider);
    running.add(process);
    process.start();
  }

  /** A process is no more. */
  void gone(NotifierProcess process) {
    running.remove(process);
    world.in(
        world.late(15_000, 1_200_000),
        () -> {
          if (named) {
            // A static member (KIP-345) takes the place of whoever had its name.
            process.giveUpPlace();
          }
          start();
        });
  }

  /** Something befalls one of the processes. */
  void trouble() {
    if (running.isEmpty()) {
      return;
    }
    NotifierProcess process = running.get(world.below(running.size()));
    switch (world.below(8)) {
      case 0, 1 -> process.die();
      case 2, 3 -> process.standStill(world.below(8_000), false);
      case 4 -> process.standStill(world.late(30_000, 900_000), true);
      case 5 -> process.standStill(world.late(30_000, 900_000), false);
      case 6 -> process.stop();
      default -> {
        if (world.oneIn(4)) {
          kafka.group(settings.channel()).forgetJournal();
        } else if (running.size() < 4) {
          start();
        }
      }
    }
  }
}
