package io.tocsin.streams.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tocsin.avro.Channel;
import io.tocsin.avro.IncidentProgress;
import io.tocsin.avro.SendCommand;
import io.tocsin.avro.User;
import io.tocsin.schemas.part.Part;
import io.tocsin.schemas.topic.Topic;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.streams.StartCheck;
import io.tocsin.streams.TestCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The dispatcher on a real broker: exactly once, over two partitions, through a restart that loses
 * the state's folder.
 */
@Timeout(180)
class DispatcherIT {

  private static final int PARTITIONS = 2;
  private static final int PEOPLE = 2_000;
  private static final String INCIDENT = "INC-1";

  @TempDir private Path folder;

  @Test
  void shouldTellEverybodyOnceThroughARestart() throws Exception {
    // Given
    try (TestCluster cluster = TestCluster.start(folder, PARTITIONS, 1)) {
      publish(cluster);
      AtomicInteger answered = new AtomicInteger();
      try (AcceptingNotifier notifier = AcceptingNotifier.start(cluster, answered)) {
        try (Part first = dispatcher(cluster, "first")) {
          Awaitility.await()
              .atMost(Duration.ofSeconds(90))
              .until(() -> notifier.failure() != null || answered.get() > PEOPLE / 2);
          assertThat(notifier.failure()).isNull();
          assertThat(first.name()).isEqualTo("dispatcher");
        }
        int before = answered.get();
        assertThat(before).isLessThan(2 * PEOPLE);

        // When
        try (Part second = dispatcher(cluster, "second")) {
          List<ConsumerRecord<String, IncidentProgress>> progress =
              cluster.readUntil(
                  Topics.INCIDENT_PROGRESS, records -> accepted(records) == 2 * PEOPLE);

          // Then
          assertThat(second.unhealthy()).isEmpty();
          Map<Integer, IncidentProgress> last = last(progress);
          assertThat(last).hasSize(PARTITIONS);
          assertThat(last.values().stream().mapToLong(IncidentProgress::getAffected).sum())
              .isEqualTo(PEOPLE);
          for (IncidentProgress each : last.values()) {
            assertThat(each.getChannels())
                .allSatisfy(channel ->
                    assertThat(channel.getStates())
                        .isEqualTo(Map.of("ACCEPTED", each.getAffected())));
          }
          for (Channel channel : Channel.values()) {
            everybodyGotOne(cluster, Topics.send(channel));
          }
          assertThat(notifier.failure()).isNull();
        }
      }
    }
  }

  private static void everybodyGotOne(TestCluster cluster, Topic<String, SendCommand> topic) {
    List<ConsumerRecord<String, SendCommand>> commands = cluster.readAll(topic);
    assertThat(commands).hasSize(PEOPLE);
    assertThat(commands.stream().map(ConsumerRecord::key).distinct()).hasSize(PEOPLE);
    assertThat(commands)
        .allSatisfy(command -> {
          assertThat(command.value().getAttempt()).isEqualTo(1);
          assertThat(command.value().getUsersPartition()).isEqualTo(command.partition());
        });
  }

  /** Users by a foreign partitioner: all in one partition. */
  private static void publish(TestCluster cluster) {
    for (int i = 0; i < PEOPLE; i++) {
      User user = Samples.both("u-" + i);
      cluster.publish(Topics.USERS_TOPIC, 0, "u-" + i, user);
      cluster.publish(
          Topics.AFFECTED, "u-" + i, Samples.affected(INCIDENT, 1, Samples.DATASET, "email"));
    }
    for (int partition = 0; partition < PARTITIONS; partition++) {
      cluster.publish(
          Topics.DISPATCH_CONTROL, partition, INCIDENT, Samples.accepted(INCIDENT, 1, 1, true, 0));
      cluster.publish(Topics.DISPATCH_CONTROL, partition, INCIDENT, Samples.approved(INCIDENT, 1));
      cluster.publish(Topics.AFFECTED, partition, INCIDENT, Samples.marker(INCIDENT, 1, "0"));
    }
    cluster.flush();
  }

  /**
   * Accepted deliveries. Not who is explained: whoever's record is still under way when the
   * incident is released is on the substitute list for a moment, and explained.
   */
  private static long accepted(List<ConsumerRecord<String, IncidentProgress>> records) {
    return last(records).values().stream()
        .flatMap(each -> each.getChannels().stream())
        .mapToLong(channel -> channel.getStates().getOrDefault("ACCEPTED", 0L))
        .sum();
  }

  private static Map<Integer, IncidentProgress> last(
      List<ConsumerRecord<String, IncidentProgress>> records) {
    Map<Integer, IncidentProgress> last = new HashMap<>();
    for (ConsumerRecord<String, IncidentProgress> each : new ArrayList<>(records)) {
      last.put(each.value().getPartition(), each.value());
    }
    return last;
  }

  private static Part dispatcher(TestCluster cluster, String state) {
    return DispatcherPart.start(
        cluster.config(state, Map.of()), new SimpleMeterRegistry(), StartCheck.NONE);
  }
}
