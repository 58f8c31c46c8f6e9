package io.tocsin.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tocsin.broker.Broker;
import io.tocsin.broker.BrokerSettings;
import io.tocsin.cli.AllKeys;
import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.Main;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.part.Part;
import io.tocsin.streams.StartCheck;
import io.tocsin.streams.dispatcher.DispatcherPart;
import io.tocsin.streams.identifier.IdentifierPart;
import io.tocsin.streams.intake.IntakePart;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** An operator's commands against a real broker, with intake, identifier and dispatcher at work. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatorIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;

  private final List<Part> parts = new ArrayList<>();
  private Broker broker;
  private Path properties;

  /** What a command left behind. */
  private record Result(int exitCode, String out, String err) {

    JsonNode json() throws Exception {
      return JSON.readTree(out);
    }
  }

  @BeforeAll
  void start() throws Exception {
    broker = Broker.start(BrokerSettings.in(folder.resolve("broker")));
    properties =
        Files.writeString(
            folder.resolve("tocsin.properties"),
            String.join(
                "\n",
                "kafka.bootstrap.servers=" + broker.bootstrapServers(),
                "schema.registry.url=mock://" + UUID.randomUUID(),
                "topics.partitions.users=2",
                "topics.partitions.holdings=2",
                "keys.dir=" + folder.resolve("keys"),
                "state.dir=" + folder.resolve("state"),
                "controller.name=Any2text",
                "controller.legal.name=TopTama LLP",
                "controller.address=Pavlodar",
                "controller.email=help@any2text.example"));
    assertThat(run("keys", "create").exitCode()).isEqualTo(ExitCodes.OK);
    assertThat(run("topics", "apply").exitCode()).isEqualTo(ExitCodes.OK);
    TocsinConfig config = TocsinConfig.load(AllKeys.definition(), properties, Map.of(), Map.of());
    parts.add(IntakePart.start(config, new SimpleMeterRegistry(), StartCheck.NONE));
    parts.add(IdentifierPart.start(config, new SimpleMeterRegistry(), StartCheck.NONE));
    parts.add(DispatcherPart.start(config, new SimpleMeterRegistry(), StartCheck.NONE));
    load();
  }

  private void load() throws Exception {
    Path users =
        Files.writeString(
            folder.resolve("users.csv"),
            """
            userId,locale,residency,email,phone
            u-1,kk,KZ,one@example.com,+77010000001
            u-2,ru,KZ,,
            u-3,en,KZ,three@example.com,
            """);
    Path holdings =
        Files.writeString(
            folder.resolve("holdings.csv"),
            """
            dataset,userId,from,until,categories
            registration,u-1,2026-01-01,,email;phone
            registration,u-2,2026-01-01,,email
            purchases,u-3,2026-01-01,,purchases
            """);
    assertThat(run("users", "import", users.toString()).exitCode()).isEqualTo(ExitCodes.OK);
    assertThat(run("holdings", "import", holdings.toString()).exitCode()).isEqualTo(ExitCodes.OK);
  }

  @AfterAll
  void stop() {
    parts.reversed().forEach(Part::close);
    broker.close();
  }

  @Test
  void shouldTakeAnIncidentFromItsPublicationToItsRelease() throws Exception {
    // Given
    Result published =
        run("incident", "publish", incident("INC-1", "registration"), "--as", "siem");
    assertThat(published.exitCode()).as(published.err()).isEqualTo(ExitCodes.OK);

    // When
    Result preview = json("incident", "preview", "INC-1");
    Result byReporter = run("incident", "approve", "INC-1", "--as", "SIEM");
    Result surprised = run("incident", "approve", "INC-1", "--as", "dpo", "--expect", "3");
    Result approved = json("incident", "approve", "INC-1", "--as", "dpo", "--expect", "2");

    // Then
    assertThat(preview.exitCode()).as(preview.err()).isEqualTo(ExitCodes.OK);
    assertThat(preview.json().get("affected").asInt()).isEqualTo(2);
    assertThat(preview.json().get("samples").get("ru").get("sms").asText()).contains("TEST-00000");
    assertThat(byReporter.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(byReporter.err()).contains("somebody else must approve");
    assertThat(surprised.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(surprised.err()).contains("2 people are affected, not 3");
    assertThat(approved.exitCode()).as(approved.err()).isEqualTo(ExitCodes.OK);
    assertThat(approved.json().get("templateVersion"))
        .isEqualTo(preview.json().get("templateVersion"));
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          JsonNode status = json("incident", "status", "INC-1").json();
          assertThat(status.get("approved").asBoolean()).isTrue();
          assertThat(status.get("notices").asInt()).isEqualTo(2);
          assertThat(status.get("substitutes").asInt()).isEqualTo(1);
        });
    assertThat(run("incident", "hold", "INC-1", "--as", "dpo", "--note", "wait").exitCode())
        .isEqualTo(ExitCodes.OK);
    assertThat(run("incident", "show", "INC-1").out())
        .contains("published", "incident accepted", "decision refused", "APPROVE", "HOLD");
    assertThat(run("incident", "list").out()).contains("INC-1");
    shouldFindTheNoticeOfOnePerson();
  }

  private void shouldFindTheNoticeOfOnePerson() throws Exception {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(json("notice", "find", "u-1").json()).hasSize(1));
    JsonNode notice = json("notice", "find", "u-1").json().get(0);
    String reference = notice.get("reference").asText();

    Result byReference = json("notice", "find", "--reference", reference.toLowerCase(Locale.ROOT));
    Result byContact = json("notice", "find", "--contact", "ONE@example.com");
    Result unknown = run("notice", "find", "--reference", "00000-00000");
    Result history = run("notice", "show", reference);

    assertThat(byReference.json().get(0).get("userId").asText()).isEqualTo("u-1");
    assertThat(byContact.json().get(0).get("reference").asText()).isEqualTo(reference);
    assertThat(unknown.exitCode()).isEqualTo(ExitCodes.FAILED);
    assertThat(history.out()).contains("planned").doesNotContain("@").doesNotContain("+7701");
    assertThat(run("substitutes", "export").out())
        .startsWith("incident,userId,reference,reason\nINC-1,u-2,");
  }

  @Test
  void shouldTellWhyAnIncidentIsRefused() throws Exception {
    // When
    Result result = run("incident", "publish", incident("INC-2", "newsletter"));

    // Then
    assertThat(result.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(result.err()).contains("newsletter").contains("not in the catalogue");
    assertThat(result.err().lines()).hasSize(1);
  }

  @Test
  void shouldShowAndReplayADeadLetter() throws Exception {
    // Given
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  "tocsin.users", "u-9", "nine@example.com".getBytes(StandardCharsets.UTF_8)))
          .get();
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(json("dead-letters", "list").json()).isNotEmpty());
    String id = json("dead-letters", "list").json().get(0).get("id").asText();

    // When
    Result shown = run("dead-letters", "show", id);
    Result replayed = run("dead-letters", "replay", id, "--as", "ada");
    Result again = run("dead-letters", "replay", id, "--as", "ada");

    // Then
    assertThat(shown.out()).contains("not-avro", "u-9").doesNotContain("nine@");
    assertThat(replayed.exitCode()).as(replayed.err()).isEqualTo(ExitCodes.OK);
    assertThat(again.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(again.err()).contains("was replayed by ada");
  }

  @Test
  void shouldErasePeopleItKnowsAndNoOthers() {
    // When
    Result known = run("users", "erase", "u-3");
    Result unknown = run("users", "erase", "u-77");

    // Then
    assertThat(known.exitCode()).isEqualTo(ExitCodes.OK);
    assertThat(unknown.exitCode()).isEqualTo(ExitCodes.FAILED);
    assertThat(unknown.err()).isEqualTo("tocsin: There is no user u-77\n");
  }

  @Test
  void shouldDiagnoseWhatIsDown() {
    // When
    Result result = run("doctor", "--set", "smtp.port=1", "--set", "twilio.account.sid=AC1");

    // Then
    assertThat(result.exitCode()).isEqualTo(ExitCodes.FAILED);
    assertThat(result.out())
        .contains("transaction.version=2")
        .containsPattern("ok +topics")
        .containsPattern("ok +templates")
        .containsPattern("fail +smtp +no conversation with 127.0.0.1:1")
        .containsPattern("fail +twilio +twilio.account.sid and twilio.auth.token");
  }

  private static String incident(String incidentId, String dataset) throws Exception {
    return Files.writeString(
            folder.resolve(incidentId + ".json"),
            """
            {"incidentId":"%s","version":1,"kind":"disclosure","reporter":"siem",
             "scope":{"datasets":[{"dataset":"%s"}]}}
            """
                .formatted(incidentId, dataset))
        .toString();
  }

  private Result json(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--output", "json"));
    return run(all.toArray(String[]::new));
  }

  private Result run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.commandLine(Map.of("TOCSIN_CONFIG", properties.toString()))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new Result(exitCode, out.toString(), err.toString());
  }
}
