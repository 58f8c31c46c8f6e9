package io.tocsin.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody else's program publishes, with nothing of Tocsin's but {@code docs/publishing.md} and
 * the registry.
 */
@ExtendWith(RunningStack.class)
class ForeignProducerIT {

  private static final String USERS = "tocsin.users";
  private static final String SUBJECTS = "tocsin.incident-subjects";
  private static final String INCIDENTS = "tocsin.incidents";
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int UNKNOWN_ID = 2_000_000_011;

  @TempDir private Path desk;

  @Test
  void shouldCarryUsersEvidenceAndAnIncidentOfAForeignProducerThrough(Stack stack)
      throws Exception {
    // Given: people and evidence, some of it corrupted
    Operator operator = new Operator(stack, desk);
    try (ForeignProducer producer = producer(stack)) {
      ForeignSealer sealer = new ForeignSealer(Path.of(stack.address("keys")));
      producer.send(
          USERS,
          "foreign-1",
          user(producer, sealer, "foreign-1", "ru", "Foreign.One@example.com", "+999712000001"));
      producer.send(
          USERS, "foreign-2", user(producer, sealer, "foreign-2", "kk", "two@example.com", null));
      producer.send(SUBJECTS, "foreign-0", new byte[] {1, 2, 3});
      producer.send(
          USERS, "foreign-3", user(producer, sealer, "foreign-3", "en", null, "+999712000003"));
      for (String userId : List.of("foreign-1", "foreign-2", "foreign-3")) {
        producer.send(SUBJECTS, userId, evidence(producer, "foreign-sound", "feedback"));
        // A line that comes twice counts once.
        producer.send(SUBJECTS, userId, evidence(producer, "foreign-sound", "feedback"));
      }

      // When
      producer.send(INCIDENTS, "foreign-sound", incident(producer, "foreign-sound", 3, Map.of()));
      operator.approve("foreign-sound", 1, Operator.APPROVER).ok();
    }

    // Then
    Standing standing = operator.awaitFinished("foreign-sound", 1, SOON);
    assertThat(standing.affected()).isEqualTo(3);
    assertThat(standing.substitutes()).isZero();
    assertThat(operator.mailsOf("foreign-sound"))
        .extracting(ReceivedMail::recipient, ReceivedMail::language)
        .containsExactlyInAnyOrder(
            tuple("Foreign.One@example.com", "ru"), tuple("two@example.com", "kk"));
    assertThat(operator.smsOf("foreign-sound"))
        .extracting(SmsInbox.ReceivedSms::to)
        .containsExactlyInAnyOrder("+999712000001", "+999712000003");
  }

  @Test
  void shouldSetAsideWhatIsCorruptedWithAReasonAndGoOn(Stack stack) throws Exception {
    // Given
    Operator operator = new Operator(stack, desk);
    try (ForeignProducer producer = producer(stack)) {
      ForeignSealer sealer = new ForeignSealer(Path.of(stack.address("keys")));
      GenericRecord user =
          user(producer, sealer, "foreign-4", "en", "four@example.com", "+999712000004");
      byte[] body = ForeignProducer.encode(UNKNOWN_ID, user);
      GenericRecord line = evidence(producer, "foreign-corrupted", "feedback");

      // When
      Map<RecordMetadata, String> corrupted =
          Map.of(
              producer.send(USERS, "foreign-4", new byte[] {1, 2, 3}),
              "not-avro",
              producer.send(USERS, "foreign-4", body),
              "unknown-schema",
              producer.send(USERS, "foreign-4", cutShort(producer, user)),
              "not-avro",
              producer.send(USERS, "foreign-4", wireFormat(producer, SUBJECTS, line)),
              "wrong-schema",
              producer.send(SUBJECTS, "foreign-4", new byte[0]),
              "not-avro",
              producer.send(
                  SUBJECTS, "foreign-4", evidence(producer, "foreign-corrupted", "attic")),
              "invalid",
              producer.send(INCIDENTS, "foreign-corrupted", new byte[] {0, 0}),
              "not-avro");
      producer.send(USERS, "foreign-4", user);
      producer.send(SUBJECTS, "foreign-4", line);
      producer.send(
          INCIDENTS, "foreign-corrupted", incident(producer, "foreign-corrupted", 1, Map.of()));
      operator.approve("foreign-corrupted", 1, Operator.APPROVER).ok();

      // Then
      assertThat(operator.awaitFinished("foreign-corrupted", 1, SOON).affected()).isEqualTo(1);
      assertThat(operator.mailsOf("foreign-corrupted")).hasSize(1);
      ForeignReader reader = stack.reader();
      corrupted.forEach((where, code) ->
          Awaitility.await("dead letter of " + where)
              .atMost(SOON)
              .untilAsserted(() ->
                  assertThat(reader.all("tocsin.dead-letters"))
                      .filteredOn(letter -> isOf(letter, where))
                      .singleElement()
                      .satisfies(letter -> {
                        assertThat(letter.text("code")).isEqualTo(code);
                        assertThat(letter.text("reason")).isNotBlank();
                        assertThat(letter.key())
                            .isEqualTo(
                                where.topic().equals(INCIDENTS)
                                    ? "foreign-corrupted"
                                    : "foreign-4");
                        assertThat(letter.nullable("sealedValue")).isNotNull();
                      })));
    }
  }

  @Test
  void shouldRefuseAWrongIncidentOnIncidentAnswers(Stack stack) {
    try (ForeignProducer producer = producer(stack)) {
      // Given
      GenericRecord wrong =
          incident(
              producer,
              "foreign-wrong",
              0,
              Map.of(
                  "exposedFrom", Instant.parse("2026-03-02T00:00:00Z").toEpochMilli(),
                  "exposedUntil", Instant.parse("2026-03-01T00:00:00Z").toEpochMilli()));

      // When
      producer.send(INCIDENTS, "foreign-wrong", wrong);

      // Then
      ForeignReader reader = stack.reader();
      Awaitility.await("the answer")
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(reader.all("tocsin.incident-answers"))
                  .filteredOn(answer -> answer.key().equals("foreign-wrong"))
                  .singleElement()
                  .satisfies(answer -> {
                    assertThat(answer.get("accepted")).isEqualTo(false);
                    assertThat((List<?>) answer.get("reasons"))
                        .extracting(Object::toString)
                        .anyMatch(reason -> reason.contains("exposedFrom"))
                        .anyMatch(reason -> reason.contains("scope is empty"));
                  }));
    }
  }

  private static ForeignProducer producer(Stack stack) {
    return new ForeignProducer(stack.address("kafka"), stack.address("registry"));
  }

  private static boolean isOf(ForeignReader.Read letter, RecordMetadata where) {
    return letter.text("topic").equals(where.topic())
        && letter.get("partition").equals(where.partition())
        && letter.get("offset").equals(where.offset());
  }

  private static byte[] wireFormat(ForeignProducer producer, String topic, GenericRecord value) {
    return ForeignProducer.encode(producer.id(topic), value);
  }

  private static byte[] cutShort(ForeignProducer producer, GenericRecord user) {
    byte[] whole = wireFormat(producer, USERS, user);
    return ByteBuffer.allocate(whole.length / 2).put(whole, 0, whole.length / 2).array();
  }

  private static GenericRecord user(
      ForeignProducer producer,
      ForeignSealer sealer,
      String userId,
      String locale,
      @Nullable String email,
      @Nullable String phone)
      throws Exception {
    Schema schema = producer.schema(USERS);
    Schema contact = schema.getField("contacts").schema().getElementType();
    GenericData.Array<GenericRecord> contacts =
        new GenericData.Array<>(2, schema.getField("contacts").schema());
    if (email != null) {
      contacts.add(sealer.seal(contact, "EMAIL", userId, email));
    }
    if (phone != null) {
      contacts.add(sealer.seal(contact, "SMS", userId, phone));
    }
    return new GenericRecordBuilder(schema)
        .set("locale", locale)
        .set("residency", "KZ")
        .set("contacts", contacts)
        .build();
  }

  private static GenericRecord evidence(
      ForeignProducer producer, String incidentId, String dataset) {
    return new GenericRecordBuilder(producer.schema(SUBJECTS))
        .set("incidentId", incidentId)
        .set("version", 1)
        .set("dataset", dataset)
        .set("categories", List.of("name", "message-text"))
        .build();
  }

  private static GenericRecord incident(
      ForeignProducer producer, String incidentId, int evidenceCount, Map<String, Object> scope) {
    Schema schema = producer.schema(INCIDENTS);
    GenericRecordBuilder exposed = new GenericRecordBuilder(schema.getField("scope").schema());
    exposed.set("evidenceCount", evidenceCount);
    scope.forEach(exposed::set);
    return new GenericRecordBuilder(schema)
        .set("incidentId", incidentId)
        .set("version", 1)
        .set("kind", new GenericData.EnumSymbol(schema.getField("kind").schema(), "DISCLOSURE"))
        .set("scope", exposed.build())
        .set("reporter", "siem-of-another-make")
        .set("reportedAt", Instant.parse("2026-03-15T08:30:00Z").toEpochMilli())
        .build();
  }
}
