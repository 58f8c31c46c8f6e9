package io.tocsin.streams.identifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.avro.AffectedEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AffectedEncoderTest {

  private static final AffectedEvent EVENT =
      Events.affected("INC-1", 1, "0", "registration", List.of("email", "phone"));

  private int encodings;
  private final AffectedEncoder encoder =
      new AffectedEncoder(
          (topic, event) -> {
            encodings++;
            return (topic + event).getBytes(StandardCharsets.UTF_8);
          },
          "affected");

  static Stream<AffectedEvent> others() {
    return Stream.of(
        Events.affected("INC-2", 1, "0", "registration", List.of("email", "phone")),
        Events.affected("INC-1", 2, "0", "registration", List.of("email", "phone")),
        Events.affected("INC-1", 1, "1", "registration", List.of("email", "phone")),
        Events.affected("INC-1", 1, "0", "purchases", List.of("email", "phone")),
        Events.affected("INC-1", 1, "0", "registration", List.of("email")));
  }

  @Test
  void shouldEncodeWhatIsEqualOnce() {
    // Given
    byte[] first = encoder.encode(EVENT);

    // When
    byte[] again =
        encoder.encode(Events.affected("INC-1", 1, "0", "registration", List.of("email", "phone")));

    // Then
    assertThat(again)
        .isEqualTo(first)
        .isEqualTo(("affected" + EVENT).getBytes(StandardCharsets.UTF_8));
    assertThat(encodings).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("others")
  void shouldTellApartWhatDiffers(AffectedEvent other) {
    // Given
    encoder.encode(EVENT);

    // When, Then
    assertThat(encoder.encode(other))
        .isEqualTo(("affected" + other).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void shouldStayRightWithMoreThanItKeeps() {
    for (int i = 0; i < 5_000; i++) {
      AffectedEvent event =
          Events.affected("INC-1", 1, "0", "registration", List.of("category-" + i));
      assertThat(encoder.encode(event))
          .isEqualTo(("affected" + event).getBytes(StandardCharsets.UTF_8));
    }
  }
}
