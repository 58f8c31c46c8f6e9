package io.tocsin.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.avro.Evidence;
import io.tocsin.streams.state.EvidenceLine;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class StateSerdeTest {

  private static final EvidenceLine LINE = new EvidenceLine(List.of("email"));

  @Test
  void shouldReadWhatItWrote() {
    // Given
    StateSerde<EvidenceLine> serde = new StateSerde<>(EvidenceLine.getClassSchema());

    // When
    EvidenceLine read =
        serde.deserializer().deserialize("t", serde.serializer().serialize("t", LINE));

    // Then
    assertThat(read).isEqualTo(LINE);
    assertThat(serde.serializer().serialize("t", null)).isNull();
    assertThat(serde.deserializer().deserialize("t", null)).isNull();
  }

  @Test
  void shouldReadWhatAnEarlierVersionWrote() throws Exception {
    // Given
    Schema former =
        SchemaBuilder.record("EvidenceLine")
            .namespace("io.tocsin.streams.state")
            .fields()
            .name("categories")
            .type()
            .array()
            .items()
            .stringType()
            .noDefault()
            .requiredLong("seen")
            .endRecord();
    byte[] written =
        new BinaryMessageEncoder<>(GenericData.get(), former)
            .encode(
                new GenericRecordBuilder(former)
                    .set("categories", List.of("email"))
                    .set("seen", 7L)
                    .build())
            .array();

    // When
    EvidenceLine read =
        new StateSerde<EvidenceLine>(EvidenceLine.getClassSchema(), former).decode(written);

    // Then
    assertThat(read).isEqualTo(LINE);
  }

  @Test
  void shouldSayWhatToDoAboutStateOfALaterVersion() {
    // Given
    byte[] unknown =
        new StateSerde<Evidence>(Evidence.getClassSchema())
            .encode(new Evidence("INC-1", 1, "feedback", List.of()));

    // When / Then
    assertThatThrownBy(
            () -> new StateSerde<EvidenceLine>(EvidenceLine.getClassSchema()).decode(unknown))
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("start the version that wrote it");
  }
}
