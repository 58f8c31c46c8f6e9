package io.tocsin.streams.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.schemas.config.CommonKeys;
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
class DispatcherTopologyGoldenTest {

  private static final Path GOLDEN = Path.of("src/test/golden/dispatcher-topology.txt");

  @Test
  void shouldBeWiredAsRecorded(@TempDir Path folder) throws IOException {
    // Given
    StreamsContext context =
        TestStreams.context(DispatcherPart.NAME, folder, Map.of(CommonKeys.USERS_PARTITIONS, "3"));

    // When
    String described =
        DispatcherTopology.build(context, DispatcherSettings.from(context.config()))
            .describe()
            .toString();

    // Then
    assertThat(described).isEqualTo(Files.readString(GOLDEN));
  }
}
