package io.tocsin.system.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Reads the metrics of parts. */
final class Metrics implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * What a notifier says of itself.
   *
   * @param slots commands under way
   * @param heapBytes heap in use
   */
  record Reading(int slots, long heapBytes) {}

  /** Reads a notifier's. */
  Reading read(int port) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
            .timeout(TIMEOUT)
            .build();
    double slots = 0;
    double heap = 0;
    for (String line :
        http.send(request, HttpResponse.BodyHandlers.ofString()).body().lines().toList()) {
      if (line.startsWith("tocsin_notifier_in_flight")) {
        slots += value(line);
      } else if (line.startsWith("jvm_memory_used_bytes") && line.contains("area=\"heap\"")) {
        heap += value(line);
      }
    }
    return new Reading((int) slots, (long) heap);
  }

  @Override
  public void close() {
    http.close();
  }

  private static double value(String line) {
    return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
  }
}
