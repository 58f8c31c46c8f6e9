package io.tocsin.streams.intake;

import static io.tocsin.streams.Samples.accepted;
import static io.tocsin.streams.Samples.approval;
import static io.tocsin.streams.Samples.dataset;
import static io.tocsin.streams.Samples.decision;
import static io.tocsin.streams.Samples.incident;
import static io.tocsin.streams.Samples.scope;
import static io.tocsin.streams.Samples.template;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.avro.Answer;
import io.tocsin.avro.AnswerSubject;
import io.tocsin.avro.Decision;
import io.tocsin.avro.DecisionKind;
import io.tocsin.avro.Incident;
import io.tocsin.schemas.id.HoldingKey;
import io.tocsin.schemas.id.ScopeHash;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.streams.StreamsContext;
import io.tocsin.streams.TestStreams;
import io.tocsin.streams.TestTopology;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntakeTopologyTest {

  private static final Incident INCIDENT = incident("INC-1", 1, scope(dataset("registration")));

  @TempDir Path folder;

  private TestTopology topology;

  @BeforeEach
  void start() throws IOException {
    StreamsContext context = TestStreams.context("intake", folder, Map.of());
    topology =
        new TestTopology(
            context, IntakeTopology.build(context, IntakeSettings.from(context.config())));
  }

  @AfterEach
  void stop() {
    topology.close();
  }

  @Test
  void shouldAnswerAnAcceptedIncidentAndCopyItWithABarrier() {
    // When
    topology.publish(Topics.INCIDENTS, "INC-1", INCIDENT);

    // Then
    Answer answer = onlyAnswer();
    assertThat(answer.getSubject()).isEqualTo(AnswerSubject.INCIDENT);
    assertThat(answer.getAccepted()).isTrue();
    assertThat(answer.getScopeHash()).contains(ScopeHash.of(INCIDENT));
    assertThat(topology.read(Topics.INCIDENT_SHARDS))
        .containsExactly(KeyValue.pair("INC-1", accepted(INCIDENT, 8)));
    assertThat(topology.read(Topics.DISPATCH_CONTROL))
        .extracting(each -> each.value.getBody())
        .containsExactly(accepted(INCIDENT, 8));
    assertThat(topology.read(Topics.HOLDINGS_TOPIC))
        .containsExactly(KeyValue.pair(HoldingKey.barrier("INC-1", 1), null));
  }

  @Test
  void shouldAnswerARefusedIncidentAndTellNobodyElse() {
    // When
    topology.publish(Topics.INCIDENTS, "INC-1", incident("INC-1", 1, scope()));

    // Then
    Answer answer = onlyAnswer();
    assertThat(answer.getAccepted()).isFalse();
    assertThat(answer.getReasons()).hasSize(1);
    assertThat(answer.getScopeHash()).isEmpty();
    assertNothingCopied();
  }

  @Test
  void shouldAcceptTheSameIncidentTwiceWithOneEffect() {
    // Given
    topology.publish(Topics.INCIDENTS, "INC-1", INCIDENT);
    readEverything();

    // When
    topology.publish(Topics.INCIDENTS, "INC-1", INCIDENT);

    // Then
    assertThat(onlyAnswer().getAccepted()).isTrue();
    assertNothingCopied();
  }

  @Test
  void shouldRefuseAnIncidentWithoutValue() {
    // When
    topology.publish(Topics.INCIDENTS, "INC-1", null);

    // Then
    assertThat(onlyAnswer().getReasons()).singleElement().asString().contains("WITHDRAWN");
  }

  @Test
  void shouldSetAsideBytesThatAreNotAvro() {
    // When
    topology.publishBytes(
        Topics.INCIDENTS, bytes("INC-1"), bytes("{\"incidentId\":\"aigerim@example.kz\"}"));
    topology.publish(Topics.INCIDENTS, "INC-1", INCIDENT);

    // Then
    assertThat(topology.deadLetters())
        .singleElement()
        .satisfies(letter -> {
          assertThat(letter.getCode()).isEqualTo("not-avro");
          assertThat(letter.getTopic()).isEqualTo(Topics.INCIDENTS.name());
          assertThat(letter.getPart()).isEqualTo("intake");
          assertThat(letter.toString()).doesNotContain("aigerim");
        });
    assertThat(topology.counted(Topics.INCIDENTS, "not-avro")).isEqualTo(1);
    assertThat(onlyAnswer().getAccepted()).isTrue();
  }

  @Test
  void shouldSetAsideAnUnknownSchemaId() {
    // When
    topology.publishBytes(Topics.DECISIONS, bytes("INC-1"), new byte[] {0, 0, 1, 0, 0, 2, 2});

    // Then
    assertThat(topology.deadLetters())
        .singleElement()
        .satisfies(letter -> assertThat(letter.getCode()).isEqualTo("unknown-schema"));
  }

  @Test
  void shouldCopyAnApprovalOfKnownTexts() {
    // Given
    topology.publish(Topics.INCIDENTS, "INC-1", INCIDENT);
    topology.publish(Topics.TEMPLATES, "breach/t1", template(INCIDENT));
    readEverything();
    Decision approval = approval("D-1", INCIDENT);

    // When
    topology.publish(Topics.DECISIONS, "INC-1", approval);

    // Then
    Answer answer = onlyAnswer();
    assertThat(answer.getSubject()).isEqualTo(AnswerSubject.DECISION);
    assertThat(answer.getDecisionId()).contains("D-1");
    assertThat(answer.getAccepted()).isTrue();
    assertThat(topology.read(Topics.DISPATCH_CONTROL))
        .extracting(each -> each.value.getBody())
        .containsExactly(approval);
  }

  @Test
  void shouldLetAnApprovalWaitForItsTemplate() {
    // Given
    topology.publish(Topics.INCIDENTS, "INC-1", INCIDENT);
    readEverything();
    topology.publish(Topics.DECISIONS, "INC-1", approval("D-1", INCIDENT));
    assertThat(topology.read(Topics.INCIDENT_ANSWERS)).isEmpty();

    // When
    topology.publish(Topics.TEMPLATES, "breach/t1", template(INCIDENT));
    topology.advance(Duration.ofMillis(100));

    // Then
    assertThat(onlyAnswer().getAccepted()).isTrue();
  }

  @Test
  void shouldRefuseAnApprovalWhoseTemplateDoesNotCome() {
    // Given
    topology.publish(Topics.INCIDENTS, "INC-1", INCIDENT);
    topology.publish(
        Topics.TEMPLATES, "breach/t1", template(incident("INC-2", 1, INCIDENT.getScope())));
    readEverything();

    // When
    topology.publish(Topics.DECISIONS, "INC-1", approval("D-1", INCIDENT));
    topology.advance(Duration.ofSeconds(11));

    // Then
    assertThat(onlyAnswer().getReasons()).singleElement().asString().contains("template");
    assertNothingCopied();
  }

  @Test
  void shouldRefuseAnApprovalOfAnEarlierVersion() {
    // Given
    topology.publish(Topics.INCIDENTS, "INC-1", INCIDENT);
    topology.publish(Topics.TEMPLATES, "breach/t1", template(INCIDENT));
    topology.publish(Topics.INCIDENTS, "INC-1", incident("INC-1", 2, scope(dataset("purchases"))));
    readEverything();

    // When
    topology.publish(Topics.DECISIONS, "INC-1", approval("D-1", INCIDENT));

    // Then
    assertThat(onlyAnswer().getReasons())
        .containsExactly(
            "incidentVersion is 1, but the current version is 2; look at that one and decide"
                + " again.");
  }

  @Test
  void shouldTakeTheSameDecisionTwiceWithOneEffect() {
    // Given
    topology.publish(Topics.INCIDENTS, "INC-1", INCIDENT);
    Decision hold = decision("D-2", DecisionKind.HOLD, INCIDENT);
    topology.publish(Topics.DECISIONS, "INC-1", hold);
    readEverything();

    // When
    topology.publish(Topics.DECISIONS, "INC-1", hold);

    // Then
    assertThat(onlyAnswer().getAccepted()).isTrue();
    assertNothingCopied();
  }

  @Test
  void shouldNotRepeatAnAddressInAnAnswer() {
    // When
    topology.publish(
        Topics.INCIDENTS,
        "aigerim@example.kz",
        incident("aigerim@example.kz", 1, scope(dataset("registration"))));

    // Then
    List<KeyValue<String, Answer>> answers = topology.read(Topics.INCIDENT_ANSWERS);
    assertThat(answers).singleElement().asString().doesNotContain("aigerim");
  }

  private Answer onlyAnswer() {
    List<KeyValue<String, Answer>> answers = topology.read(Topics.INCIDENT_ANSWERS);
    assertThat(answers).hasSize(1);
    assertThat(answers.getFirst().key).isEqualTo("INC-1");
    return answers.getFirst().value;
  }

  private void assertNothingCopied() {
    assertThat(topology.read(Topics.INCIDENT_SHARDS)).isEmpty();
    assertThat(topology.read(Topics.DISPATCH_CONTROL)).isEmpty();
    assertThat(topology.read(Topics.HOLDINGS_TOPIC)).isEmpty();
  }

  private void readEverything() {
    topology.read(Topics.INCIDENT_ANSWERS);
    topology.read(Topics.INCIDENT_SHARDS);
    topology.read(Topics.DISPATCH_CONTROL);
    topology.read(Topics.HOLDINGS_TOPIC);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
