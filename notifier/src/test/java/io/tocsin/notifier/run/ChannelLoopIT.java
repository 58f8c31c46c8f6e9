package io.tocsin.notifier.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.avro.Channel;
import io.tocsin.avro.CommandKind;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.schemas.id.NoticeIds;
import io.tocsin.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChannelLoopIT {

  private static final int SLOTS = 8;
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private KafkaFixture kafka;

  @BeforeEach
  void start() throws Exception {
    kafka = new KafkaFixture(folder);
  }

  @AfterEach
  void stop() throws Exception {
    kafka.close();
  }

  @Test
  void shouldAnswerEveryCommandOnceAndCommit() throws Exception {
    // Given
    List<String> users = KafkaFixture.users("u", 300);
    ScriptedChannel provider = new ScriptedChannel();
    kafka.publishAborted("aborted");

    // When
    ChannelLoop loop = kafka.loop(KafkaFixture.settings(SLOTS), provider);
    kafka.publish(users);
    awaitEvents(300);
    loop.close();

    // Then
    assertThat(provider.received()).containsExactlyInAnyOrderElementsOf(deliveries(users));
    assertThat(kafka.events())
        .extracting(DeliveryEvent::getKind)
        .containsOnly(DeliveryEventKind.ACCEPTED);
    assertThat(kafka.records(Topics.DELIVERY_EVENTS.name()))
        .allSatisfy(event ->
            assertThat(event.partition())
                .isEqualTo(
                    KafkaFixture.partition(new String(event.key(), StandardCharsets.UTF_8))));
    assertThat(kafka.metrics.get("tocsin.notifier.in.flight").gauge().value()).isZero();

    // When
    kafka.loop(KafkaFixture.settings(SLOTS), provider);
    kafka.publish(List.of("later"));
    awaitEvents(301);

    // Then
    assertThat(provider.received()).hasSize(301);
  }

  @Test
  void shouldReportExactlyWhatWasInFlightAsUnknownAfterAKill() {
    // Given
    List<String> users = KafkaFixture.users("u", 200);
    ScriptedChannel provider = new ScriptedChannel();
    provider.withholdAnswers();
    ChannelLoop killed = kafka.loop(KafkaFixture.settings(SLOTS), provider);
    kafka.publish(users);
    provider.answer(50);
    await().atMost(SOON).until(() -> provider.received().size() == 50 + SLOTS);
    awaitEvents(50);

    // When
    killed.kill();
    provider.answer(1_000);
    ScriptedChannel next = new ScriptedChannel();
    kafka.loop(KafkaFixture.settings(SLOTS), next);
    awaitEvents(200);

    // Then
    Set<String> accepted = idsOf(DeliveryEventKind.ACCEPTED);
    Set<String> unknown = idsOf(DeliveryEventKind.UNKNOWN);
    List<String> inFlight =
        provider.received().stream().filter(id -> !accepted.contains(id)).toList();
    assertThat(unknown).containsExactlyInAnyOrderElementsOf(inFlight).hasSize(SLOTS);
    assertThat(Stream.concat(provider.received().stream(), next.received().stream()))
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(deliveries(users));
  }

  /** Its session outlasts this test: without the name nobody would go on for six seconds. */
  @Test
  void shouldGoOnAtOnceAfterAKillUnderTheSameName() {
    // Given
    ScriptedChannel provider = new ScriptedChannel();
    ChannelLoop killed = kafka.loop(KafkaFixture.settings(SLOTS, "one"), provider);
    kafka.publish(KafkaFixture.users("u", 20));
    awaitEvents(20);

    // When
    killed.kill();
    ScriptedChannel next = new ScriptedChannel();
    kafka.publish(KafkaFixture.users("v", 20));
    kafka.loop(KafkaFixture.settings(SLOTS, "one"), next);

    // Then
    await().atMost(Duration.ofSeconds(4)).until(() -> kafka.events().size() == 40);
    assertThat(next.received()).hasSize(20);
  }

  @Test
  void shouldGiveItsPartitionsAwayWhenItIsStoppedAlthoughItHasAName() {
    // Given
    ScriptedChannel provider = new ScriptedChannel();
    ChannelLoop stopped = kafka.loop(KafkaFixture.settings(SLOTS, "one"), provider);
    kafka.publish(KafkaFixture.users("u", 20));
    awaitEvents(20);

    // When
    stopped.close();
    ScriptedChannel next = new ScriptedChannel();
    kafka.publish(KafkaFixture.users("v", 20));
    kafka.loop(KafkaFixture.settings(SLOTS, "two"), next);

    // Then
    await().atMost(Duration.ofSeconds(4)).until(() -> kafka.events().size() == 40);
    assertThat(next.received()).hasSize(20);
  }

  @Test
  void shouldLeaveNothingInDoubtAfterAStop() throws Exception {
    // Given
    List<String> users = KafkaFixture.users("u", 100);
    ScriptedChannel provider = new ScriptedChannel();
    provider.withholdAnswers();
    ChannelLoop stopped = kafka.loop(KafkaFixture.settings(SLOTS), provider);
    kafka.publish(users);
    await().atMost(SOON).until(() -> provider.received().size() == SLOTS);

    // When
    Thread stop = Thread.ofPlatform().start(stopped::close);
    provider.answer(1_000);
    stop.join();
    ScriptedChannel next = new ScriptedChannel();
    kafka.loop(KafkaFixture.settings(SLOTS), next);
    awaitEvents(100);

    // Then
    assertThat(idsOf(DeliveryEventKind.UNKNOWN)).isEmpty();
    assertThat(Stream.concat(provider.received().stream(), next.received().stream()))
        .doesNotHaveDuplicates()
        .hasSize(100);
  }

  @Test
  void shouldShareTheWorkWithASecondInstanceWithoutDoubt() {
    // Given
    List<String> users = KafkaFixture.users("u", 400);
    ScriptedChannel first = new ScriptedChannel();
    first.withholdAnswers();
    kafka.loop(KafkaFixture.settings(SLOTS), first);
    kafka.publish(users);
    await().atMost(SOON).until(() -> first.received().size() == SLOTS);

    // When
    ScriptedChannel second = new ScriptedChannel();
    kafka.loop(KafkaFixture.settings(SLOTS), second);
    first.answer(20);
    await()
        .atMost(SOON)
        .until(() -> {
          first.answer(10);
          return kafka.events().size() == 400;
        });

    // Then
    assertThat(second.received()).isNotEmpty();
    assertThat(idsOf(DeliveryEventKind.UNKNOWN)).isEmpty();
    assertThat(Stream.concat(first.received().stream(), second.received().stream()))
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(deliveries(users));
  }

  @Test
  void shouldDoubtWhatIsThereWhenTheJournalIsLost() throws Exception {
    // Given
    List<String> before = KafkaFixture.users("u", 40);
    ScriptedChannel provider = new ScriptedChannel();
    ChannelLoop loop = kafka.loop(KafkaFixture.settings(SLOTS), provider);
    kafka.publish(before);
    awaitEvents(40);
    loop.close();
    try (Admin admin = Admin.create(kafka.client())) {
      Map<TopicPartition, OffsetAndMetadata> reset =
          Stream.iterate(0, i -> i + 1)
              .limit(KafkaFixture.PARTITIONS)
              .collect(
                  Collectors.toMap(
                      i -> new TopicPartition(Topics.SEND_EMAIL.name(), i),
                      i -> new OffsetAndMetadata(0)));
      await()
          .atMost(SOON)
          .ignoreExceptions()
          .until(() -> {
            admin.alterConsumerGroupOffsets("tocsin-notifier-email", reset).all().get();
            return true;
          });
    }

    // When
    ScriptedChannel next = new ScriptedChannel();
    kafka.loop(KafkaFixture.settings(SLOTS), next);
    awaitEvents(80);
    kafka.publish(List.of("later"));
    awaitEvents(81);

    // Then
    assertThat(idsOf(DeliveryEventKind.UNKNOWN))
        .containsExactlyInAnyOrderElementsOf(deliveries(before));
    assertThat(next.received()).isEqualTo(deliveries(List.of("later")));
  }

  @Test
  void shouldSetAsideWhatIsNoCommandAndGoOn() {
    // Given
    ScriptedChannel provider = new ScriptedChannel();
    kafka.loop(KafkaFixture.settings(SLOTS), provider);

    // When
    kafka.publishRaw("u1", new byte[] {1, 2, 3});
    kafka.publishRaw("u2", new byte[] {0, 0, 0, 99, 99, 1});
    kafka.publish(
        "u3", kafka.fixtures().command(Channel.EMAIL, "u3").setUsersPartition(4_000).build());
    kafka.publish(List.of("u4"));
    awaitEvents(1);
    await().atMost(SOON).until(() -> kafka.records(Topics.DEAD_LETTERS.name()).size() == 3);

    // Then
    assertThat(provider.received()).isEqualTo(deliveries(List.of("u4")));
  }

  @Test
  void shouldNotStartWhatIsTooLateNorSendForAQuestion() {
    // Given
    ScriptedChannel provider = new ScriptedChannel();
    kafka.loop(KafkaFixture.settings(SLOTS), provider);

    // When
    kafka.publish(
        "u1", kafka.fixtures().command(Channel.EMAIL, "u1").setNotAfter(Instant.EPOCH).build());
    kafka.publish(
        "u2", kafka.fixtures().command(Channel.EMAIL, "u2").setKind(CommandKind.RECONCILE).build());
    awaitEvents(2);

    // Then
    assertThat(idsOf(DeliveryEventKind.EXPIRED)).isEqualTo(Set.copyOf(deliveries(List.of("u1"))));
    assertThat(idsOf(DeliveryEventKind.UNAVAILABLE))
        .isEqualTo(Set.copyOf(deliveries(List.of("u2"))));
    assertThat(provider.received()).isEmpty();
    assertThat(provider.asked()).hasSize(1);
  }

  private void awaitEvents(int count) {
    await().atMost(SOON).until(() -> kafka.events().size() >= count);
    assertThat(kafka.events()).hasSize(count);
  }

  private Set<String> idsOf(DeliveryEventKind kind) {
    return kafka.events().stream()
        .filter(event -> event.getKind() == kind)
        .map(DeliveryEvent::getDeliveryId)
        .collect(Collectors.toSet());
  }

  private static List<String> deliveries(List<String> users) {
    return users.stream()
        .map(user -> NoticeIds.deliveryId(NoticeIds.noticeId("INC-1", user, 1), Channel.EMAIL))
        .toList();
  }
}
