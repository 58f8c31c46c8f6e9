package io.tocsin.streams.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.streams.StreamsContext;
import io.tocsin.streams.TestStreams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A change of nodes, stores or internal topics is a change of what is on disk and in Kafka: it must
 * be seen.
 */
class IntakeTopologyGoldenTest {

  private static final Path GOLDEN = Path.of("src/test/golden/intake-topology.txt");

  @Test
  void shouldBeWiredAsRecorded(@TempDir Path folder) throws IOException {
    // Given
    StreamsContext context = TestStreams.context("intake", folder, Map.of());

    // When
    String described =
        IntakeTopology.build(context, IntakeSettings.from(context.config())).describe().toString();

    Files.writeString(
        Files.createDirectories(Path.of("target/golden")).resolve(GOLDEN.getFileName()), described);

    // Then
    assertThat(described).isEqualTo(Files.readString(GOLDEN));
  }
}
