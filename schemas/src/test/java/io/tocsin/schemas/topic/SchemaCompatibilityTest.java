package io.tocsin.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.avro.User;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaFormatter;
import org.apache.avro.SchemaParser;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds every topic's schema against those that were ever published, in {@code
 * src/test/golden/<subject>/<n>.avsc}.
 *
 * <p>After a compatible change of a schema, run the tests with {@code -Dgolden.publish=true} once:
 * it adds the next file. Files that are there are never changed.
 */
class SchemaCompatibilityTest {

  private static final Path GOLDEN = Path.of("src/test/golden");

  static Stream<Topic<?, ?>> topics() {
    return Topics.ALL.stream().map(topic -> topic);
  }

  @ParameterizedTest
  @MethodSource("topics")
  void shouldReadEverythingThatWasEverPublished(Topic<?, ?> topic) {
    // Given
    Schema current = current(topic);
    // When
    List<Schema> published = published(topic);
    // Then
    assertThat(published).isNotEmpty();
    assertThat(published)
        .allSatisfy(old ->
            assertThat(compatibility(current, old)).isEqualTo(SchemaCompatibilityType.COMPATIBLE));
  }

  @ParameterizedTest
  @MethodSource("topics")
  void shouldBePublishedAsItIs(Topic<?, ?> topic) throws IOException {
    // Given
    Schema current = current(topic);
    if (Boolean.getBoolean("golden.publish")) {
      publish(topic, current);
    }
    // When
    List<Schema> published = published(topic);
    // Then
    assertThat(published.getLast())
        .as("%s differs from its newest file under %s; publish it as the next one", topic, GOLDEN)
        .isEqualTo(current);
  }

  @ParameterizedTest
  @MethodSource("topics")
  void shouldDocumentEveryFieldOfEveryRecord(Topic<?, ?> topic) {
    // Given
    Schema schema = current(topic);
    // When
    List<String> undocumented = new ArrayList<>();
    collectUndocumented(schema, new HashSet<>(), undocumented);
    // Then
    assertThat(undocumented).isEmpty();
  }

  @Test
  void shouldNoticeAnIncompatibleChange() {
    // Given
    Schema now =
        new SchemaParser()
            .parse(
                """
                {"type":"record","name":"User","namespace":"io.tocsin.avro","fields":[{"name":"tongue","type":"string"}]}
                """)
            .mainSchema();
    // When
    SchemaCompatibilityType verdict = compatibility(now, User.getClassSchema());
    // Then
    assertThat(verdict).isEqualTo(SchemaCompatibilityType.INCOMPATIBLE);
  }

  private static Schema current(Topic<?, ?> topic) {
    return SpecificData.get().getSchema(topic.valueType());
  }

  private static SchemaCompatibilityType compatibility(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType();
  }

  private static List<Schema> published(Topic<?, ?> topic) {
    List<Schema> schemas = new ArrayList<>();
    for (int n = 1; Files.exists(file(topic, n)); n++) {
      try {
        schemas.add(new SchemaParser().parse(Files.readString(file(topic, n))).mainSchema());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return schemas;
  }

  private static void publish(Topic<?, ?> topic, Schema schema) throws IOException {
    List<Schema> published = published(topic);
    if (published.isEmpty() || !published.getLast().equals(schema)) {
      Path next = file(topic, published.size() + 1);
      Files.createDirectories(next.getParent());
      Files.writeString(
          next,
          SchemaFormatter.getInstance("json/pretty").format(schema) + "\n",
          StandardCharsets.UTF_8);
    }
  }

  private static Path file(Topic<?, ?> topic, int n) {
    return GOLDEN.resolve(topic.subject()).resolve(n + ".avsc");
  }

  private static void collectUndocumented(
      Schema schema, Set<String> seen, List<String> undocumented) {
    switch (schema.getType()) {
      case RECORD -> {
        if (seen.add(schema.getFullName())) {
          for (Schema.Field field : schema.getFields()) {
            if (field.doc() == null || field.doc().isBlank()) {
              undocumented.add(schema.getName() + "." + field.name());
            }
            collectUndocumented(field.schema(), seen, undocumented);
          }
        }
      }
      case ARRAY -> collectUndocumented(schema.getElementType(), seen, undocumented);
      case MAP -> collectUndocumented(schema.getValueType(), seen, undocumented);
      case UNION ->
          schema.getTypes().forEach(type -> collectUndocumented(type, seen, undocumented));
      default -> {
        // A primitive or enum: its field's doc is all there is to say.
      }
    }
  }
}
