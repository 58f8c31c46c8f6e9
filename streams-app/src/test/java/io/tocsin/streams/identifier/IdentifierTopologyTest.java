package io.tocsin.streams.identifier;

import static io.tocsin.streams.Samples.accepted;
import static io.tocsin.streams.Samples.between;
import static io.tocsin.streams.Samples.dataset;
import static io.tocsin.streams.Samples.evidence;
import static io.tocsin.streams.Samples.holding;
import static io.tocsin.streams.Samples.incident;
import static io.tocsin.streams.Samples.march;
import static io.tocsin.streams.Samples.scope;
import static io.tocsin.streams.Samples.since;
import static io.tocsin.streams.Samples.withdrawn;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.avro.Affected;
import io.tocsin.avro.AffectedEvent;
import io.tocsin.avro.DeadLetter;
import io.tocsin.avro.DispatchControl;
import io.tocsin.avro.EndMarker;
import io.tocsin.avro.Evidence;
import io.tocsin.avro.Holding;
import io.tocsin.avro.IdentificationProgress;
import io.tocsin.avro.Incident;
import io.tocsin.avro.Interval;
import io.tocsin.avro.Scope;
import io.tocsin.schemas.id.HoldingKey;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.streams.StreamsContext;
import io.tocsin.streams.TestStreams;
import io.tocsin.streams.TestTopology;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IdentifierTopologyTest {

  @TempDir Path folder;

  private TestTopology topology;

  @BeforeEach
  void start() throws IOException {
    start(folder.resolve("1"), Map.of());
  }

  @AfterEach
  void stop() {
    topology.close();
  }

  @Test
  void shouldNameUsersOfTheDatasetAndThenEndTheShard() {
    // Given
    hold("registration/u-1", holding(since(1, "email", "name")));
    hold("registration/u/2", holding(since(1, "email")));
    hold("purchases/u-3", holding(since(1, "purchases")));

    // When
    publish(incident("INC-1", 1, scope(dataset("registration"))));

    // Then
    assertThat(affected())
        .containsExactly(
            "u-1 INC-1/1 0 registration[email, name]",
            "u/2 INC-1/1 0 registration[email]",
            "INC-1 INC-1/1 0 end 2");
  }

  @Test
  void shouldWaitForTheBarrierWhicheverComesFirst() {
    // Given
    Incident incident = incident("INC-1", 1, scope(dataset("registration")));
    hold("registration/u-1", holding(since(1, "email")));
    topology.publish(Topics.INCIDENT_SHARDS, "INC-1", accepted(incident, 1));
    topology.advance(Duration.ofSeconds(1));
    assertThat(affected()).isEmpty();
    hold("registration/u-2", holding(since(1, "email")));

    // When
    barrier("INC-1", 1);
    topology.advance(Duration.ofSeconds(1));

    // Then
    assertThat(affected()).hasSize(3).last().isEqualTo("INC-1 INC-1/1 0 end 2");
  }

  @Test
  void shouldCheckLaterHoldingsAgainstOpenIncidents() {
    // Given
    publish(incident("INC-1", 1, scope(march(5), march(10), dataset("registration"))));
    assertThat(affected()).containsExactly("INC-1 INC-1/1 0 end 0");

    // When
    hold("registration/u-1", holding(between(1, 7, "email")));
    hold("registration/u-2", holding(between(11, 12, "email")));
    hold("purchases/u-3", holding(between(1, 7, "purchases")));

    // Then
    assertThat(affected()).containsExactly("u-1 INC-1/1 0 registration[email]");
  }

  @Test
  void shouldNotRepeatALaterHoldingThatSaysNothingNew() {
    // Given
    hold("registration/u-1", holding(since(1, "email")));
    publish(incident("INC-1", 1, scope(dataset("registration"))));
    affected();

    // When
    hold("registration/u-1", holding(since(2, "email")));
    hold("registration/u-1", holding(since(2, "email", "phone")));

    // Then
    assertThat(affected()).containsExactly("u-1 INC-1/1 0 registration[email, phone]");
  }

  @Test
  void shouldNotNameAUserWhoseHoldingIsTombstonedBeforeTheScan() {
    // Given
    hold("registration/u-1", holding(since(1, "email")));
    hold("registration/u-1", null);

    // When
    publish(incident("INC-1", 1, scope(dataset("registration"))));

    // Then
    assertThat(affected()).containsExactly("INC-1 INC-1/1 0 end 0");
  }

  @Test
  void shouldIdentifyNobodyInADatasetThatNoHoldingHas() {
    // When
    publish(incident("INC-1", 1, scope(dataset("access-log"))));

    // Then
    assertThat(affected()).containsExactly("INC-1 INC-1/1 0 end 0");
    IdentificationProgress progress = progress();
    assertThat(progress.getFinished()).isTrue();
    assertThat(progress.getAffected()).isZero();
  }

  @Test
  void shouldStartAgainForANewerVersionAndIgnoreAnOlderOne() {
    // Given
    hold("registration/u-1", holding(since(1, "email")));
    hold("purchases/u-1", holding(since(1, "purchases")));
    publish(incident("INC-1", 1, scope(dataset("registration"))));
    affected();

    // When
    publish(incident("INC-1", 2, scope(dataset("purchases"))));
    publish(incident("INC-1", 1, scope(dataset("registration"))));

    // Then
    assertThat(affected())
        .containsExactly("u-1 INC-1/2 0 purchases[purchases]", "INC-1 INC-1/2 0 end 1");
  }

  @Test
  void shouldScanOnlyTheLastOfTenVersionsWithinASecond() {
    // Given
    hold("registration/u-1", holding(since(1, "email")));

    // When
    for (int version = 1; version <= 10; version++) {
      topology.publish(
          Topics.INCIDENT_SHARDS,
          "INC-1",
          accepted(incident("INC-1", version, scope(dataset("registration"))), 1));
      barrier("INC-1", version);
    }
    topology.advance(Duration.ofSeconds(1));

    // Then
    assertThat(affected())
        .containsExactly("u-1 INC-1/10 0 registration[email]", "INC-1 INC-1/10 0 end 1");
  }

  @Test
  void shouldEndAWithdrawnIncidentAtOnceWithNobody() {
    // Given
    hold("registration/u-1", holding(since(1, "email")));
    topology.publish(
        Topics.INCIDENT_SHARDS,
        "INC-1",
        accepted(incident("INC-1", 1, scope(dataset("registration"))), 1));

    // When
    topology.publish(Topics.INCIDENT_SHARDS, "INC-1", accepted(withdrawn("INC-1", 2), 1));
    barrier("INC-1", 1);
    barrier("INC-1", 2);
    hold("registration/u-2", holding(since(1, "email")));
    topology.advance(Duration.ofSeconds(1));

    // Then
    assertThat(affected()).containsExactly("INC-1 INC-1/2 0 end 0");
  }

  @Test
  void shouldStopAScanInItsMidstWhenTheIncidentIsWithdrawn() throws IOException {
    // Given
    restart(Map.of("identifier.scan.budget.records", "1"));
    for (int i = 0; i < 1_000; i++) {
      hold("registration/u-" + i, holding(since(1, "email")));
    }
    publish(incident("INC-1", 1, scope(dataset("registration"))));
    List<String> before = affected();
    assertThat(before).isNotEmpty().noneMatch(each -> each.contains(" end "));

    // When
    publish(withdrawn("INC-1", 2));
    topology.advance(Duration.ofMinutes(1));

    // Then
    assertThat(affected()).containsExactly("INC-1 INC-1/2 0 end 0");
  }

  @Test
  void shouldNotNameExceptedUsers() {
    // Given
    hold("registration/u-1", holding(since(1, "email")));
    hold("registration/u-2", holding(since(1, "email")));

    // When
    publish(
        incident(
            "INC-1",
            1,
            Scope.newBuilder(scope(dataset("registration")))
                .setExceptUsers(List.of("u-1"))
                .build()));

    // Then
    assertThat(affected())
        .containsExactly("u-2 INC-1/1 0 registration[email]", "INC-1 INC-1/1 0 end 1");
  }

  static Stream<Arguments> senseless() {
    return Stream.of(
        Arguments.of(
            "until before from", "registration/u-1", holding(between(5, 4, "email")), "until"),
        Arguments.of(
            "until equal to from", "registration/u-1", holding(between(5, 5, "email")), "until"),
        Arguments.of(
            "unknown category", "registration/u-1", holding(since(1, "shoe-size")), "catalogue"),
        Arguments.of("no category", "registration/u-1", holding(since(1)), "categories is empty"),
        Arguments.of(
            "no interval", "registration/u-1", new Holding(List.<Interval>of()), "tombstone"),
        Arguments.of("unknown dataset", "nothing/u-1", holding(since(1, "email")), "catalogue"),
        Arguments.of("key without slash", "u-1", holding(since(1, "email")), "dataset/userId"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("senseless")
  void shouldSetAsideAHoldingThatMakesNoSense(
      String what, String key, Holding holding, String reason) {
    // When
    hold(key, holding);
    publish(incident("INC-1", 1, scope(dataset("registration"))));

    // Then
    DeadLetter letter = onlyDeadLetter();
    assertThat(letter.getCode()).isEqualTo("invalid");
    assertThat(letter.getReason()).contains(reason);
    assertThat(topology.counted(Topics.HOLDINGS_TOPIC, "invalid")).isEqualTo(1);
    assertThat(affected()).containsExactly("INC-1 INC-1/1 0 end 0");
    assertThat(progress().getUnreadable()).isEqualTo(key.startsWith("registration/") ? 1 : 0);
  }

  @Test
  void shouldSetAsideAHoldingThatIsNotAvroAndCountItInEveryScan() {
    // When
    topology.publishBytes(Topics.HOLDINGS_TOPIC, bytes("registration/u-1"), bytes("a@b.kz"));
    publish(incident("INC-1", 1, scope(dataset("registration"))));
    topology.publishBytes(Topics.HOLDINGS_TOPIC, bytes("registration/u-2"), bytes("c@d.kz"));
    topology.advance(Duration.ofSeconds(1));

    // Then
    assertThat(topology.deadLetters())
        .extracting(DeadLetter::getCode)
        .containsExactly("not-avro", "not-avro");
    assertThat(progress().getUnreadable()).isEqualTo(2);
  }

  @Test
  void shouldSetAsideAKeyThatIsNotUtf8() {
    // When
    topology.publishBytes(
        Topics.HOLDINGS_TOPIC, new byte[] {'r', '/', (byte) 0xC3, '('}, bytes("x"));

    // Then
    assertThat(onlyDeadLetter().getReason()).contains("UTF-8");
  }

  @Test
  void shouldNameUsersByEvidenceOnceAndEndWhenAllLinesAreSettled() {
    // Given
    Incident incident =
        incident(
            "INC-1",
            1,
            Scope.newBuilder().setEvidenceCount(3).setExceptUsers(List.of("u-9")).build());
    line("u-1", evidence("INC-1", 1, "feedback", "email"));
    line("u-1", evidence("INC-1", 1, "feedback", "email"));
    line("u-9", evidence("INC-1", 1, "feedback", "email"));
    publish(incident);
    assertThat(affected())
        .containsExactly("INC-1 INC-1/1 0 end 0", "u-1 INC-1/1 evidence feedback[email]");

    // When
    line("u-2", evidence("INC-1", 1, "purchases", "purchases"));
    topology.advance(Duration.ofSeconds(1));

    // Then
    assertThat(affected())
        .containsExactly(
            "u-2 INC-1/1 evidence purchases[purchases]", "INC-1 INC-1/1 evidence end 2");
  }

  @Test
  void shouldNotReuseTheEvidenceOfAnEarlierVersion() {
    // Given
    Scope one = Scope.newBuilder().setEvidenceCount(1).build();
    line("u-1", evidence("INC-1", 1, "feedback", "email"));
    publish(incident("INC-1", 1, one));
    affected();

    // When
    publish(incident("INC-1", 2, one));

    // Then
    assertThat(affected()).containsExactly("INC-1 INC-1/2 0 end 0");
  }

  @Test
  void shouldEndTheEvidenceOfAWithdrawnIncident() {
    // Given
    publish(incident("INC-1", 1, Scope.newBuilder().setEvidenceCount(5).build()));
    affected();

    // When
    publish(
        Incident.newBuilder(withdrawn("INC-1", 2))
            .setScope(Scope.newBuilder().setEvidenceCount(5).build())
            .build());

    // Then
    assertThat(affected())
        .containsExactlyInAnyOrder("INC-1 INC-1/2 0 end 0", "INC-1 INC-1/2 evidence end 0");
  }

  static Stream<Arguments> senselessEvidence() {
    return Stream.of(
        Arguments.of("unknown dataset", evidence("INC-1", 1, "nothing", "email"), "dataset"),
        Arguments.of(
            "unknown category", evidence("INC-1", 1, "feedback", "shoe-size"), "categories[0]"),
        Arguments.of("no category", evidence("INC-1", 1, "feedback"), "categories is empty"),
        Arguments.of("version 0", evidence("INC-1", 0, "feedback", "email"), "version"),
        Arguments.of("senseless id", evidence("a/b", 1, "feedback", "email"), "incidentId"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("senselessEvidence")
  void shouldSetAsideEvidenceThatMakesNoSense(String what, Evidence line, String reason) {
    // When
    line("u-1", line);

    // Then
    assertThat(onlyDeadLetter().getCode()).isEqualTo("invalid");
    assertThat(topology.counted(Topics.INCIDENT_SUBJECTS, "invalid")).isEqualTo(1);
  }

  @Test
  void shouldSetAsideEvidenceThatIsNotAvroOrAboutNobody() {
    // When
    topology.publishBytes(Topics.INCIDENT_SUBJECTS, bytes("u-1"), bytes("a@b.kz"));
    topology.publish(Topics.INCIDENT_SUBJECTS, null, evidence("INC-1", 1, "feedback", "email"));

    // Then
    assertThat(topology.deadLetters())
        .extracting(DeadLetter::getCode)
        .containsExactly("not-avro", "invalid");
  }

  private void restart(Map<String, String> settings) throws IOException {
    topology.close();
    start(folder.resolve("2"), settings);
  }

  private void start(Path data, Map<String, String> settings) throws IOException {
    StreamsContext context =
        TestStreams.context("identifier", Files.createDirectory(data), settings);
    topology =
        new TestTopology(
            context, IdentifierTopology.build(context, IdentifierSettings.from(context.config())));
  }

  private void hold(String key, @Nullable Holding holding) {
    topology.publish(Topics.HOLDINGS_TOPIC, key, holding);
  }

  private void line(String userId, Evidence line) {
    topology.publish(Topics.INCIDENT_SUBJECTS, userId, line);
  }

  private void barrier(String incidentId, int version) {
    hold(HoldingKey.barrier(incidentId, version), null);
  }

  private void publish(Incident incident) {
    String id = incident.getIncidentId();
    topology.publish(Topics.INCIDENT_SHARDS, id, accepted(incident, 1));
    barrier(id, incident.getVersion());
    topology.publish(Topics.DISPATCH_CONTROL, id, new DispatchControl(accepted(incident, 1)));
    topology.advance(Duration.ofSeconds(1));
    topology.advance(Duration.ofSeconds(1));
  }

  private List<String> affected() {
    return topology.read(Topics.AFFECTED).stream()
        .map(each -> each.key + " " + text(each.value))
        .toList();
  }

  private IdentificationProgress progress() {
    return topology.read(Topics.IDENTIFICATION_PROGRESS).stream()
        .filter(each -> each.key.equals("INC-1/0"))
        .toList()
        .getLast()
        .value;
  }

  private DeadLetter onlyDeadLetter() {
    List<DeadLetter> letters = topology.deadLetters();
    assertThat(letters).hasSize(1);
    return letters.getFirst();
  }

  private static String text(AffectedEvent event) {
    String body =
        event.getBody() instanceof Affected affected
            ? affected.getDataset() + affected.getCategories()
            : "end " + ((EndMarker) event.getBody()).getCount();
    return event.getIncidentId() + '/' + event.getVersion() + ' ' + event.getShard() + ' ' + body;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
