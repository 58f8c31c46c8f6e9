package io.tocsin.bench.latency;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.bench.Bench;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A small run of the whole thing, slow enough that the large incident outlasts it. */
@Timeout(180)
class LatencyBenchIT {

  @Test
  void shouldMeasureHowSoonPeopleAreToldAndAHoldBites(@TempDir Path folder) throws Exception {
    // Given
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine bench =
        Bench.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));

    // When
    int exit =
        bench.execute(
            "latency",
            "--people=12000",
            "--partitions=2",
            "--rounds=1",
            "--set=notifier.email.rate=400",
            "--output=json",
            "--data=" + folder.resolve("bench"));

    // Then
    assertThat(exit).as(err::toString).isZero();
    JsonNode report = new ObjectMapper().readTree(out.toString());
    for (String figure : List.of("publishToFirstMs", "secondIncidentFirstMs", "holdToLastMs")) {
      assertThat(report.path(figure).asLong()).as(figure).isPositive();
    }
    assertThat(report.path("toldWhenHeld").asInt()).isBetween(1_000, 11_999);
    assertThat(folder.resolve("bench")).doesNotExist();
  }
}
