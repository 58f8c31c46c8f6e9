package io.tocsin.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class RegistryIT {

  private static final String SCHEMA =
      "{\"schema\":\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"R\\\",\\\"fields\\\":[]}\"}";

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void shouldKeepASchemaWhenItsProcessIsKilled() throws Exception {
    var dataDir = new DataDir(folder);
    int port = Ports.settle(Map.of("registry", 0)).of("registry");
    try (var supervisor = Supervisor.of(dataDir, part -> {})) {
      // Given
      var registry = supervisor.start(RegistryPart.of(dataDir, port));
      var registered = post(port, "/subjects/tocsin.users-value/versions");

      // When
      registry.kill();
      supervisor.start(RegistryPart.of(dataDir, port));

      // Then
      assertThat(registered).contains("\"id\":1");
      assertThat(get(port, "/subjects")).isEqualTo("[\"tocsin.users-value\"]");
      assertThat(get(port, "/schemas/ids/1")).contains("record");
    }
  }

  private String post(int port, String path) throws Exception {
    return send(
        HttpRequest.newBuilder(URI.create(RegistryPart.url(port) + path))
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .POST(HttpRequest.BodyPublishers.ofString(SCHEMA)));
  }

  private String get(int port, String path) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(RegistryPart.url(port) + path)).GET());
  }

  private String send(HttpRequest.Builder request) throws Exception {
    var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }
}
