package io.tocsin.streams.identifier;

import static io.tocsin.streams.Samples.dataset;
import static io.tocsin.streams.Samples.evidence;
import static io.tocsin.streams.Samples.holding;
import static io.tocsin.streams.Samples.incident;
import static io.tocsin.streams.Samples.scope;
import static io.tocsin.streams.Samples.since;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tocsin.avro.Affected;
import io.tocsin.avro.AffectedEvent;
import io.tocsin.avro.DeadLetter;
import io.tocsin.avro.EndMarker;
import io.tocsin.avro.Incident;
import io.tocsin.avro.Scope;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.part.Part;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.streams.StartCheck;
import io.tocsin.streams.StreamsContext;
import io.tocsin.streams.StreamsPart;
import io.tocsin.streams.TestCluster;
import io.tocsin.streams.intake.IntakePart;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Intake and identifier together, on a real broker: what a topology without Kafka cannot show. */
@Timeout(180)
class IdentifyIT {

  private static final int USERS = 3;
  private static final int HOLDINGS = 2;
  private static final Incident INCIDENT =
      incident("INC-1", 1, scope(dataset("registration", "email")));

  @TempDir Path folder;

  private TestCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = TestCluster.start(folder, USERS, HOLDINGS);
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
  }

  @Test
  void shouldNameEveryAffectedUserOnceAndEndEveryPartition() {
    // Given
    hold(2_000);

    try (Part intake = intake();
        Part identifier = identifier("identifier", Map.of())) {
      // When
      cluster.publish(Topics.INCIDENTS, "INC-1", INCIDENT);

      // Then
      assertThat(usersOf(untilEnded(1, HOLDINGS))).containsExactlyInAnyOrderElementsOf(ids(2_000));
      awaitReady(intake, identifier);
    }
  }

  @Test
  void shouldMissNobodyPublishedBeforeTheIncidentWasAccepted() {
    try (Part intake = intake();
        Part identifier = identifier("identifier", Map.of())) {
      awaitReady(intake, identifier);

      // When
      hold(5_000);
      cluster.publish(Topics.INCIDENTS, "INC-1", INCIDENT);

      // Then
      List<ConsumerRecord<String, AffectedEvent>> found = untilEnded(1, HOLDINGS);
      assertThat(usersOf(found)).containsExactlyInAnyOrderElementsOf(ids(5_000));
      assertThat(countsIn(found, 0)).isEqualTo(5_000);
    }
  }

  @Test
  void shouldGoOnWhereItStoodAfterCrashesInMidScan() {
    // Given
    hold(3_000);
    AtomicInteger calls = new AtomicInteger();
    Set<Integer> crashes = Set.of(700, 1_900, 3_300);
    TocsinConfig config =
        cluster.config("identifier", Map.of("identifier.scan.budget.records", "50"));
    StreamsContext context =
        StreamsContext.open("identifier", config, new SimpleMeterRegistry(), StartCheck.NONE);

    try (Part intake = intake();
        Part identifier =
            StreamsPart.start(
                context,
                IdentifierTopology.APPLICATION_ID,
                IdentifierTopology.build(
                    context,
                    IdentifierSettings.from(config),
                    () -> {
                      if (crashes.contains(calls.incrementAndGet())) {
                        throw new IllegalStateException("The clock broke");
                      }
                      return System.nanoTime();
                    }))) {
      // When
      cluster.publish(Topics.INCIDENTS, "INC-1", INCIDENT);

      // Then
      List<ConsumerRecord<String, AffectedEvent>> found = untilEnded(1, HOLDINGS);
      assertThat(calls).hasValueGreaterThan(3_300);
      assertThat(usersOf(found))
          .doesNotHaveDuplicates()
          .containsExactlyInAnyOrderElementsOf(ids(3_000));
      assertThat(countsIn(found, 0)).isEqualTo(3_000);
      awaitReady(intake, identifier);
    }
  }

  @Test
  void shouldGoOnElsewhereAfterAStopInMidScanWithItsStateLost() {
    // Given
    hold(3_000);
    Map<String, String> slow =
        Map.of("identifier.scan.budget.records", "20", "identifier.scan.interval.ms", "20");

    try (Part intake = intake()) {
      assertThat(intake.name()).isEqualTo("intake");
      // When
      try (Part first = identifier("first", slow)) {
        cluster.publish(Topics.INCIDENTS, "INC-1", INCIDENT);
        cluster.readUntil(Topics.AFFECTED, records -> records.size() >= 200);
        assertThat(first.unhealthy()).isEmpty();
      }
      int stoppedAt = cluster.readAll(Topics.AFFECTED).size();
      try (Part second = identifier("second", Map.of())) {
        List<ConsumerRecord<String, AffectedEvent>> found = untilEnded(1, HOLDINGS);

        // Then
        assertThat(stoppedAt).isBetween(200, 2_999);
        assertThat(usersOf(found))
            .doesNotHaveDuplicates()
            .containsExactlyInAnyOrderElementsOf(ids(3_000));
        assertThat(second.unhealthy()).isEmpty();
      }
    }
  }

  @Test
  void shouldShareAScanWithAnInstanceThatJoinsAndLeavesInItsMidst() {
    // Given
    hold(3_000);
    Map<String, String> slow =
        Map.of("identifier.scan.budget.records", "20", "identifier.scan.interval.ms", "20");

    try (Part intake = intake();
        Part first = identifier("first", slow)) {
      cluster.publish(Topics.INCIDENTS, "INC-1", INCIDENT);
      cluster.readUntil(Topics.AFFECTED, records -> records.size() >= 200);

      // When
      try (Part second = identifier("second", slow)) {
        awaitReady(first, second);
      }

      // Then
      assertThat(usersOf(untilEnded(1, HOLDINGS)))
          .doesNotHaveDuplicates()
          .containsExactlyInAnyOrderElementsOf(ids(3_000));
      awaitReady(intake, first);
    }
  }

  @Test
  void shouldEndEvidenceWhenTheLastLineIsSettledWhateverItsProducersPartitioner() {
    // Given
    Incident byList =
        incident(
            "INC-2",
            1,
            Scope.newBuilder().setEvidenceCount(300).setExceptUsers(List.of("u-7")).build());
    for (int i = 0; i < 200; i++) {
      evidenceOf(i);
    }

    try (Part intake = intake();
        Part identifier = identifier("identifier", Map.of())) {
      // When
      cluster.publish(Topics.INCIDENTS, "INC-2", byList);
      awaitReady(intake, identifier);
      for (int i = 150; i < 300; i++) {
        evidenceOf(i);
      }

      // Then
      List<ConsumerRecord<String, AffectedEvent>> found = untilEnded(1, HOLDINGS + 1);
      List<String> expected = ids(300).stream().filter(id -> !id.equals("u-7")).toList();
      assertThat(usersOf(found))
          .doesNotHaveDuplicates()
          .containsExactlyInAnyOrderElementsOf(expected);
      for (int partition = 0; partition < USERS; partition++) {
        int each = partition;
        List<ConsumerRecord<String, AffectedEvent>> there =
            found.stream().filter(record -> record.partition() == each).toList();
        assertThat(there.getLast().value().getShard()).isEqualTo("evidence");
        assertThat(countsIn(found, partition)).isEqualTo(299);
      }
    }
  }

  @Test
  void shouldSetAsideWhatIsNotAvroWithItsOffsetInOneTransaction() {
    // Given
    cluster.publishBytes(
        Topics.INCIDENTS, "INC-0", "aigerim@example.kz".getBytes(StandardCharsets.UTF_8));
    cluster.publishBytes(
        Topics.HOLDINGS_TOPIC, "registration/u-x", new byte[] {0, 0, 0, 1, 0, 7, 7});
    cluster.publishBytes(Topics.INCIDENT_SUBJECTS, "u-y", new byte[] {9, 9, 9});
    hold(10);

    // When
    try (Part intake = intake();
        Part identifier = identifier("identifier", Map.of())) {
      List<ConsumerRecord<String, DeadLetter>> letters =
          cluster.readUntil(Topics.DEAD_LETTERS, records -> records.size() >= 3);
      cluster.publish(Topics.INCIDENTS, "INC-1", INCIDENT);

      // Then
      assertThat(letters)
          .extracting(letter -> letter.value().getPart() + ' ' + letter.value().getCode())
          .containsExactlyInAnyOrder(
              "intake not-avro", "identifier unknown-schema", "identifier not-avro");
      assertThat(usersOf(untilEnded(1, HOLDINGS))).containsExactlyInAnyOrderElementsOf(ids(10));
      assertThat(cluster.readAll(Topics.DEAD_LETTERS)).hasSize(3);
      awaitReady(intake, identifier);
    }
  }

  @Test
  void shouldKeepRecordsAndSayWhyWhileTheRegistryIsDown() {
    // Given
    cluster.publish(Topics.INCIDENTS, "INC-1", INCIDENT);
    cluster.flush();

    // When
    try (Part intake =
        IntakePart.start(
            cluster.config("intake", Map.of("schema.registry.url", "http://127.0.0.1:1")),
            new SimpleMeterRegistry(),
            StartCheck.NONE)) {
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() ->
              assertThat(intake.unready().orElse("ready"))
                  .contains("recovering")
                  .contains("http://127.0.0.1:1"));
      assertThat(intake.unhealthy()).isEmpty();
    }
    try (Part intake = intake()) {
      // Then
      assertThat(cluster.readUntil(Topics.INCIDENT_ANSWERS, records -> !records.isEmpty()))
          .singleElement()
          .satisfies(answer -> assertThat(answer.value().getAccepted()).isTrue());
      assertThat(cluster.readAll(Topics.DEAD_LETTERS)).isEmpty();
      awaitReady(intake);
    }
  }

  private void hold(int users) {
    for (String id : ids(users)) {
      cluster.publish(
          Topics.HOLDINGS_TOPIC, "registration/" + id, holding(since(1, "email", "name")));
      cluster.publish(Topics.HOLDINGS_TOPIC, "purchases/" + id, holding(since(1, "purchases")));
    }
    // A batch that is sent again may come later than what is published next, by another producer.
    cluster.flush();
  }

  /** As a producer with a partitioner of its own would publish it. */
  private void evidenceOf(int user) {
    cluster.publish(
        Topics.INCIDENT_SUBJECTS,
        user % USERS,
        "u-" + user,
        evidence("INC-2", 1, "feedback", "email"));
  }

  private static List<String> ids(int users) {
    return IntStream.range(0, users).mapToObj(i -> "u-" + i).toList();
  }

  private List<ConsumerRecord<String, AffectedEvent>> untilEnded(int version, int shards) {
    return cluster.readUntil(
        Topics.AFFECTED,
        records ->
            records.stream()
                    .filter(record -> record.value().getBody() instanceof EndMarker)
                    .filter(record -> record.value().getVersion() == version)
                    .map(record -> record.partition() + "/" + record.value().getShard())
                    .collect(Collectors.toCollection(HashSet::new))
                    .size()
                == USERS * shards);
  }

  private static List<String> usersOf(List<ConsumerRecord<String, AffectedEvent>> records) {
    return records.stream()
        .filter(record -> record.value().getBody() instanceof Affected)
        .map(ConsumerRecord::key)
        .toList();
  }

  private static long countsIn(List<ConsumerRecord<String, AffectedEvent>> records, int partition) {
    return records.stream()
        .filter(record -> record.partition() == partition)
        .filter(record -> record.value().getBody() instanceof EndMarker)
        .mapToLong(record -> ((EndMarker) record.value().getBody()).getCount())
        .sum();
  }

  private static void awaitReady(Part... parts) {
    for (Part part : parts) {
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(part.unready()).isEmpty());
    }
  }

  private Part intake() {
    return IntakePart.start(
        cluster.config("intake", Map.of()), new SimpleMeterRegistry(), StartCheck.NONE);
  }

  private Part identifier(String state, Map<String, String> options) {
    return IdentifierPart.start(
        cluster.config(state, options), new SimpleMeterRegistry(), StartCheck.NONE);
  }
}
