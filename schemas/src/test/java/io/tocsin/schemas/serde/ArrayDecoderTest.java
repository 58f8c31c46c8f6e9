package io.tocsin.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrayDecoderTest {

  private static final String EVERY_TYPE =
      """
      {"type": "record", "name": "Every", "fields": [
        {"name": "a", "type": "null"},
        {"name": "b", "type": "boolean"},
        {"name": "c", "type": "int"},
        {"name": "d", "type": "long"},
        {"name": "e", "type": "float"},
        {"name": "f", "type": "double"},
        {"name": "g", "type": "string"},
        {"name": "h", "type": "bytes"},
        {"name": "i", "type": {"type": "fixed", "name": "Fixed", "size": 7}},
        {"name": "j", "type": {"type": "enum", "name": "Enum", "symbols": ["X", "Y", "Z"]}},
        {"name": "k", "type": {"type": "array", "items": "string"}},
        {"name": "l", "type": {"type": "map", "values": "long"}},
        {"name": "m", "type": ["null", "double", "bytes"]},
        {"name": "n", "type": "int"}
      ]}
      """;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldReadWhatAvrosDecoderReads(boolean sizedBlocks) throws Exception {
    // Given
    Schema schema = new Schema.Parser().parse(EVERY_TYPE);

    for (Object record : new RandomData(schema, 500, 42)) {
      byte[] bytes = bytes(schema, record, sizedBlocks);
      var reader = new GenericDatumReader<>(schema);

      // When
      var decoder = new ArrayDecoder().from(bytes, 0);
      Object read = reader.read(null, decoder);

      // Then
      assertThat(read)
          .isEqualTo(reader.read(null, DecoderFactory.get().binaryDecoder(bytes, null)));
      assertThat(decoder.isEnd()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldSkipWhatTheReaderDoesNotWant(boolean sizedBlocks) throws Exception {
    // Given
    Schema schema = new Schema.Parser().parse(EVERY_TYPE);
    Schema last =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Every", "fields": [{"name": "n", "type": "int"}]}
                """);

    for (Object record : new RandomData(schema, 500, 7)) {
      byte[] bytes = bytes(schema, record, sizedBlocks);

      // When
      var decoder = new ArrayDecoder().from(bytes, 0);
      Object read = new GenericDatumReader<>(schema, last).read(null, decoder);

      // Then
      assertThat(read).hasToString("{\"n\": " + ((GenericRecord) record).get("n") + "}");
      assertThat(decoder.isEnd()).isTrue();
    }
  }

  private static byte[] bytes(Schema schema, Object record, boolean sizedBlocks) throws Exception {
    var out = new ByteArrayOutputStream();
    BinaryEncoder encoder =
        sizedBlocks
            ? EncoderFactory.get().blockingBinaryEncoder(out, null)
            : EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<>(schema).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }
}
