package io.tocsin.bench.identify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.bench.Bench;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A small run of the whole thing; the command itself compares every set with brute force. */
@Timeout(180)
class IdentifyBenchIT {

  @Test
  void shouldMeasureOursAndTheJoinAndPrintOneObject(@TempDir Path folder) throws Exception {
    // Given
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine bench =
        Bench.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));

    // When
    int exit =
        bench.execute(
            "identify",
            "--holdings=20000",
            "--affected=15000",
            "--partitions=2",
            "--rounds=1",
            "--without=postgres,small-store,input,restart",
            "--output=json",
            "--data=" + folder.resolve("bench"));

    // Then
    assertThat(exit).as(err::toString).isZero();
    JsonNode report = new ObjectMapper().readTree(out.toString());
    assertThat(report.path("holdings").asInt()).isEqualTo(20_000);
    assertThat(report.path("affected").asInt()).isEqualTo(15_000);
    assertPositive(report, "/fanout/ours", "/fanout/fkJoin", "/fanout/producer");
    assertPositive(report, "/fanout/vsFkJoin", "/fanout/vsProducer");
    assertPositive(report, "/ingest/ours", "/ingest/fkJoin", "/ingest/vsFkJoin");
    assertPositive(report, "/firstAffectedMs", "/peakRssMb", "/largestTransaction/records");
    assertThat(folder.resolve("bench")).doesNotExist();
  }

  private static void assertPositive(JsonNode report, String... pointers) {
    for (String pointer : pointers) {
      assertThat(report.at(pointer).asDouble()).as(pointer + " of " + report).isPositive();
    }
  }
}
