package io.tocsin.bench.tell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.bench.Bench;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Small runs of the whole thing; the commands themselves check that every message is accepted. */
@Timeout(180)
class TellBenchIT {

  @Test
  void shouldMeasureSmsAgainstTheHttpClient(@TempDir Path folder) throws Exception {
    // When
    JsonNode report = run("sms", "--messages=500", "--data=" + folder.resolve("bench"));

    // Then
    assertThat(report.path("messages").asInt()).isEqualTo(500);
    assertPositive(report, "/perSecond/ours", "/perSecond/httpClient", "/vsHttpClient");
    assertThat(folder.resolve("bench")).doesNotExist();
  }

  @Test
  void shouldMeasureEmailAgainstSmtpSource(@TempDir Path folder) throws Exception {
    // Given
    assumeTrue(
        PostfixTools.find().isPresent(),
        "smtp-sink and smtp-source are not installed (Debian's package postfix)");

    // When
    JsonNode report =
        run("smtp", "--messages=500", "--without=nodemailer", "--data=" + folder.resolve("bench"));

    // Then
    assertPositive(report, "/perSecond/ours", "/perSecond/smtp-source", "/vsSmtpSource");
    assertThat(report.at("/messageBytes/ours").asInt())
        .isEqualTo(report.at("/messageBytes/smtpSource").asInt());
  }

  private static JsonNode run(String... arguments) throws Exception {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine bench =
        Bench.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--partitions=2", "--rounds=1", "--sessions=8", "--output=json"));
    int exit = bench.execute(all.toArray(String[]::new));
    assertThat(exit).as(err::toString).isZero();
    return new ObjectMapper().readTree(out.toString());
  }

  private static void assertPositive(JsonNode report, String... pointers) {
    for (String pointer : pointers) {
      assertThat(report.at(pointer).asDouble()).as(pointer + " of " + report).isPositive();
    }
  }
}
