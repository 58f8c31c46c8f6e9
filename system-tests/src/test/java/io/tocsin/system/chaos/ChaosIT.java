package io.tocsin.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.system.SystemTests;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * A small run of the whole thing; the command itself holds every figure against its bound. How long
 * a process takes to start again says more about the machine of a build than about Tocsin, so there
 * is patience.
 */
@Timeout(300)
class ChaosIT {

  @Test
  void shouldLoseNobodyAndTellNobodyTwiceUnlisted(@TempDir Path folder) throws Exception {
    // Given
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine chaos =
        SystemTests.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));

    // When
    int exit =
        chaos.execute(
            "chaos",
            "--notices=1000",
            "--kills=3",
            "--seed=7",
            "--pace=3000",
            "--patience=120000",
            "--output=json",
            "--data=" + folder.resolve("chaos"));

    // Then
    assertThat(exit).as(err::toString).isZero();
    JsonNode report = new ObjectMapper().readTree(out.toString());
    assertThat(report.path("notices").asInt()).isEqualTo(1_000);
    assertThat(report.path("kills").asInt()).isEqualTo(3);
    assertThat(report.path("unknownSeen").asInt()).isPositive();
    assertThat(report.path("unreachable").asInt())
        .isPositive()
        .isEqualTo(report.path("unreachableExpected").asInt());
    assertThat(report.path("lost").asInt(-1)).isZero();
    assertThat(report.path("duplicatesUnlisted").asInt(-1)).isZero();
    assertThat(report.path("unknownOpen").asInt(-1)).isZero();
    assertThat(report.path("messages").asInt()).isGreaterThan(1_900);
  }
}
