package io.tocsin.schemas.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PartServerTest {

  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void shouldTellHealthAndMetrics() throws Exception {
    // Given
    metrics.counter("tocsin.things").increment();
    try (PartServer server =
        PartServer.start(
            "127.0.0.1", 0, Optional::empty, () -> Optional.of("restoring state"), metrics)) {
      // When // Then
      assertThat(get(server, "/health/live").statusCode()).isEqualTo(200);
      assertThat(get(server, "/health/ready").statusCode()).isEqualTo(503);
      assertThat(get(server, "/health/ready").body()).contains("restoring state");
      assertThat(get(server, "/metrics").body()).contains("tocsin_things_total 1.0");
    }
  }

  @Test
  void shouldNameThePortItCannotHave() throws IOException {
    try (PartServer first =
        PartServer.start("127.0.0.1", 0, Optional::empty, Optional::empty, metrics)) {
      assertThatThrownBy(() ->
              PartServer.start(
                  "127.0.0.1", first.port(), Optional::empty, Optional::empty, metrics))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("127.0.0.1:" + first.port());
    }
  }

  private static HttpResponse<String> get(PartServer server, String path)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
