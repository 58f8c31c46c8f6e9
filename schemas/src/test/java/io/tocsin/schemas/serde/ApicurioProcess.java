package io.tocsin.schemas.serde;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A real registry in a process of its own, on the distribution that the build unpacks. */
final class ApicurioProcess implements AutoCloseable {

  private static final Duration START_TIMEOUT = Duration.ofSeconds(90);

  private final Path data;
  private final int port;
  private Process process;

  ApicurioProcess(Path data) throws IOException {
    this.data = data;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = socket.getLocalPort();
    }
    this.process = start();
  }

  String url() {
    return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
  }

  void killAndRestart() throws IOException {
    close();
    process = start();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }

  private Process start() throws IOException {
    String java = ProcessHandle.current().info().command().orElseThrow();
    Path jar = Path.of(System.getProperty("apicurio.home"), "quarkus-run.jar");
    List<String> command =
        Stream.of(
                java,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.management.host=127.0.0.1",
                "-Dquarkus.management.port=0",
                "-Dapicurio.datasource.url=jdbc:h2:file:" + data + "/registry;WRITE_DELAY=0",
                "-Dapicurio.datasource.jdbc.initial-size=1",
                "-Dapicurio.datasource.jdbc.min-size=1",
                "-jar",
                jar.toString())
            .toList();
    Process started =
        new ProcessBuilder(command)
            .directory(data.toFile())
            .redirectErrorStream(true)
            .redirectOutput(data.resolve("registry.log").toFile())
            .start();
    Awaitility.await("Apicurio at " + url() + ", see " + data.resolve("registry.log"))
        .atMost(START_TIMEOUT)
        .pollInterval(Duration.ofMillis(100))
        .failFast("Apicurio ended", () -> !started.isAlive())
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> answers(url() + "/subjects"));
    return started;
  }

  private static boolean answers(String url) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(5)).build();
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    }
  }
}
