package io.tocsin.schemas.serde;

import static io.tocsin.schemas.serde.Sightings.SECRET;
import static io.tocsin.schemas.serde.Sightings.TOPIC;
import static io.tocsin.schemas.serde.Sightings.altered;
import static io.tocsin.schemas.serde.Sightings.sighting;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.tocsin.avro.sample.Sighting;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroCodecTest {

  private final MockSchemaRegistryClient client = new MockSchemaRegistryClient();
  private final AvroCodec<Sighting> codec = codec(Map.of());

  @Test
  void shouldGiveBackWhatWasWritten() {
    // When
    byte[] bytes = codec.encode(TOPIC, sighting());

    // Then
    assertThat(codec.decode(TOPIC, bytes)).isEqualTo(sighting());
    assertThat(codec.decode(TOPIC, bytes).getSeenAt()).isEqualTo(sighting().getSeenAt());
  }

  @Test
  void shouldWriteZeroThenSchemaIdThenBody() throws Exception {
    // When
    byte[] bytes = codec.encode(TOPIC, sighting());

    // Then
    int id = client.getLatestSchemaMetadata(TOPIC + "-value").getId();
    assertThat(ByteBuffer.wrap(bytes).get()).isZero();
    assertThat(ByteBuffer.wrap(bytes).getInt(1)).isEqualTo(id);
    assertThat(bytes).endsWith(body(generic(PublishedSchema.of(Sighting.getClassSchema()))));
  }

  @Test
  void shouldRegisterTheSchemaWithoutJavaProperties() throws Exception {
    // When
    codec.encode(TOPIC, sighting());

    // Then
    assertThat(client.getLatestSchemaMetadata(TOPIC + "-value").getSchema())
        .doesNotContain("avro.java.string")
        .contains("Free words.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\0\0", "{\"id\": \"aigerim@example.kz\"}", "plain text"})
  void shouldCallBytesWithoutHeaderNotAvro(String text) {
    // When / Then
    assertThatThrownBy(() -> codec.decode(TOPIC, text.getBytes(UTF_8)))
        .isInstanceOf(NotAvroException.class)
        .hasMessageContaining(TOPIC)
        .hasMessageNotContaining("aigerim");
  }

  @Test
  void shouldCallEveryTruncationNotAvro() {
    // Given
    byte[] bytes = codec.encode(TOPIC, sighting());

    // When / Then
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> codec.decode(TOPIC, cut)).isInstanceOf(NotAvroException.class);
    }
  }

  @Test
  void shouldCallTrailingBytesNotAvro() {
    // Given
    byte[] bytes = codec.encode(TOPIC, sighting());

    // When / Then
    assertThatThrownBy(() -> codec.decode(TOPIC, Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOf(NotAvroException.class)
        .hasMessageContaining("goes on after its end");
  }

  @Test
  void shouldSurviveAnyCorruptionOfTheBody() {
    // Given
    long seed = 20260301L;
    Random random = new Random(seed);
    byte[] good = codec.encode(TOPIC, sighting());

    for (int round = 0; round < 5_000; round++) {
      byte[] bad = good.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        bad[5 + random.nextInt(bad.length - 5)] = (byte) random.nextInt();
      }

      // When
      Throwable thrown = catchThrowable(() -> codec.decode(TOPIC, bad));

      // Then
      if (thrown != null) {
        assertThat(thrown).as("seed %d round %d", seed, round).isInstanceOf(NotAvroException.class);
        assertThat(stackTrace(thrown)).doesNotContain(SECRET);
      }
    }
  }

  @Test
  void shouldNotAllocateWhatACorruptLengthClaims() throws Exception {
    // Given
    int id = register(Sightings.TOPIC, PublishedSchema.of(Sighting.getClassSchema()));
    var out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    encoder.writeLong(Integer.MAX_VALUE - 16);
    encoder.flush();

    // When / Then
    assertThatThrownBy(() -> codec.decode(TOPIC, framed(id, out.toByteArray())))
        .isInstanceOf(NotAvroException.class);
  }

  @Test
  void shouldNameAnUnknownSchemaId() {
    // When / Then
    assertThatThrownBy(() -> codec.decode(TOPIC, framed(4711, new byte[] {1, 2, 3})))
        .isInstanceOf(UnknownSchemaException.class)
        .hasMessageContaining("4711")
        .hasMessageContaining(TOPIC);
  }

  @Test
  void shouldRefuseARecordOfAnotherType() throws Exception {
    // Given
    Schema other = altered("\"name\":\"Sighting\"", "\"name\":\"Invoice\"");
    int id = register("invoices", other);

    // When / Then
    assertThatThrownBy(() -> codec.decode(TOPIC, framed(id, body(generic(other)))))
        .isInstanceOf(IncompatibleSchemaException.class)
        .hasMessageContaining("io.tocsin.avro.sample.Invoice")
        .hasMessageContaining("cannot be read as io.tocsin.avro.sample.Sighting")
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void shouldRefuseMicrosecondsForMilliseconds() throws Exception {
    // Given
    Schema micros = altered("timestamp-millis", "timestamp-micros");
    int id = register("micros", micros);

    // When / Then
    assertThatThrownBy(() -> codec.decode(TOPIC, framed(id, body(generic(micros)))))
        .isInstanceOf(IncompatibleSchemaException.class)
        .hasMessageContaining("/seenAt, timestamp-micros for timestamp-millis");
  }

  @Test
  void shouldReadAnOlderSchemaWithDefaults() throws Exception {
    // Given
    Schema older =
        altered(
            "{\"name\":\"note\",\"type\":[\"null\",\"string\"],\"doc\":\"Free"
                + " words.\",\"default\":null},",
            "");
    int id = register("older", older);

    // When
    Sighting read = codec.decode(TOPIC, framed(id, body(generic(older))));

    // Then
    assertThat(read.getNote()).isEmpty();
    assertThat(read.getSeenAt()).isEqualTo(sighting().getSeenAt());
  }

  @Test
  void shouldReadAWriterThatGivesOptionalFieldsAlways() throws Exception {
    // Given
    Schema stricter =
        altered(
            "\"type\":[\"null\",\"string\"],\"doc\":\"Free words.\",\"default\":null",
            "\"type\":\"string\",\"doc\":\"Free words.\"");
    int id = register("stricter", stricter);

    // When / Then
    assertThat(codec.decode(TOPIC, framed(id, body(generic(stricter))))).isEqualTo(sighting());
  }

  @Test
  void shouldWriteWithTheLatestSchemaWhenToldSo() throws Exception {
    // Given
    Schema latest =
        altered(
            "{\"name\":\"id\",\"type\":\"string\",\"doc\":\"Any text.\"},",
            "{\"name\":\"added\",\"type\":\"int\",\"default\":7},{\"name\":\"id\",\"type\":\"string\"},");
    int id = register(TOPIC, latest);
    var latestCodec = codec(Map.of("auto.register.schemas", "false", "use.latest.version", true));

    // When
    byte[] bytes = latestCodec.encode(TOPIC, sighting());

    // Then
    assertThat(ByteBuffer.wrap(bytes).getInt(1)).isEqualTo(id);
    assertThat(bytes[5]).isEqualTo((byte) 14);
    assertThat(latestCodec.decode(TOPIC, bytes)).isEqualTo(sighting());
  }

  @Test
  void shouldSayWhenASubjectIsNotRegistered() {
    // Given
    var strict = codec(Map.of("auto.register.schemas", "false"));

    // When / Then
    assertThatThrownBy(() -> strict.encode(TOPIC, sighting()))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("not registered under subject tocsin.sightings-value")
        .hasMessageContaining("tocsin topics apply");
  }

  @Test
  void shouldNotLeakAnUnwritableRecord() {
    // Given
    Sighting incomplete = new Sighting();
    incomplete.put("note", SECRET);

    // When
    Throwable thrown = catchThrowable(() -> codec.encode(TOPIC, incomplete));

    // Then
    assertThat(thrown).isInstanceOf(UnwritableRecordException.class).hasMessageContaining(TOPIC);
    assertThat(stackTrace(thrown)).doesNotContain(SECRET);
    assertThat(codec.decode(TOPIC, codec.encode(TOPIC, sighting()))).isEqualTo(sighting());
  }

  @Test
  void shouldServeManyThreadsAtOnce() throws Exception {
    // Given
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // When
      List<Future<Boolean>> results =
          IntStream.range(0, 200)
              .mapToObj(n ->
                  threads.submit(() -> {
                    var one = Sighting.newBuilder(sighting()).setId("s-" + n).build();
                    return codec.decode(TOPIC, codec.encode(TOPIC, one)).equals(one);
                  }))
              .toList();

      // Then
      for (Future<Boolean> result : results) {
        assertThat(result.get()).isTrue();
      }
    }
  }

  private AvroCodec<Sighting> codec(Map<String, ?> properties) {
    var configs = new HashMap<String, Object>(properties);
    configs.put(RegistryConfig.URL, "http://localhost:1");
    return new Registry(client, RegistryConfig.from(configs)).codec(Sighting.class);
  }

  private int register(String topic, Schema schema) throws Exception {
    return client.register(topic + "-value", new AvroSchema(schema));
  }

  /** {@link Sightings#sighting()} under another schema, as a foreign producer would make it. */
  private static GenericRecord generic(Schema schema) {
    var record = new GenericData.Record(schema);
    var source = sighting();
    for (Schema.Field field : schema.getFields()) {
      Object value =
          switch (field.name()) {
            case "id" -> "s-1";
            case "seenAt" -> source.getSeenAt().toEpochMilli();
            case "endedAt" -> source.getEndedAt().orElseThrow().toEpochMilli();
            case "note" -> SECRET;
            case "kind" -> new GenericData.EnumSymbol(field.schema(), "FAR");
            case "spans" -> List.of(span(field.schema().getElementType()));
            default -> throw new IllegalArgumentException(field.name());
          };
      record.put(field.pos(), value);
    }
    return record;
  }

  private static GenericRecord span(Schema schema) {
    var span = new GenericData.Record(schema);
    span.put("from", 1_772_360_130_123_456L);
    span.put("labels", Map.of("kk", "Түсіндірме"));
    return span;
  }

  private static byte[] body(GenericRecord record) throws Exception {
    var out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static byte[] framed(int id, byte[] body) {
    return ByteBuffer.allocate(5 + body.length).put((byte) 0).putInt(id).put(body).array();
  }

  private static String stackTrace(Throwable thrown) {
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
