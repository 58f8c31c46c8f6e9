package io.tocsin.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.streams.intake.IntakePart;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamsPartTest {

  @TempDir Path folder;

  @Test
  void shouldSayThatTheBrokersDoNotAnswer() throws Exception {
    // Given
    StreamsContext context =
        TestStreams.context(
            IntakePart.NAME,
            folder,
            Map.of(
                CommonKeys.BOOTSTRAP_SERVERS, "127.0.0.1:1", StreamsKeys.START_TIMEOUT_MS, "300"));

    // When / Then
    assertThatThrownBy(() -> StreamsPart.start(context, "test", new Topology()))
        .isInstanceOf(PartStartException.class)
        .hasMessage(
            "Kafka at 127.0.0.1:1 did not answer within 300 ms; check that it runs and that"
                + " kafka.bootstrap.servers is right");
  }

  @Test
  void shouldStayTheSameMemberOfItsGroup() throws Exception {
    // When
    String first = InstanceId.in(folder.resolve("a"), "app");
    String again = InstanceId.in(folder.resolve("a"), "app");
    String other = InstanceId.in(folder.resolve("b"), "app");

    // Then
    assertThat(again).isEqualTo(first);
    assertThat(other).isNotEqualTo(first);
    assertThat(folder.resolve("a")).isDirectoryContaining("glob:**/app.instance");
  }

  @Test
  void shouldTellWhatIsBehindAFailure() {
    // When / Then
    assertThat(
            Recovery.sentence(
                new StreamsException("in thread 1", new IllegalStateException("it broke"))))
        .isEqualTo("IllegalStateException: it broke");
    assertThat(
            Recovery.sentence(
                new StreamsException(
                    "in thread 1", new TopicAuthorizationException("Not authorized"))))
        .isEqualTo("Not authorized");
    assertThat(Recovery.sentence(new StreamsException("Topic has 3 partitions")))
        .isEqualTo("Topic has 3 partitions");
  }

  @Test
  void shouldForgetAFailureOnlyAfterAWhile() throws Exception {
    // Given
    Recovery recovery = new Recovery("intake", Clock.systemUTC());
    recovery.close();

    // When
    recovery.handle(new StreamsException("Topic has 3 partitions"));

    // Then
    assertThat(recovery.failure()).contains("Topic has 3 partitions");
  }
}
