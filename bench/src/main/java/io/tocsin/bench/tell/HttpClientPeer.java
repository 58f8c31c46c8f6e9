package io.tocsin.bench.tell;

import io.tocsin.avro.Channel;
import io.tocsin.bench.Figures;
import io.tocsin.bench.Progress;
import io.tocsin.notifier.text.Renderer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A bare loop over the JDK's HttpClient that posts the forms we post, rendered before: so many at a
 * time, over HTTP/1.1 and kept connections.
 */
final class HttpClientPeer implements AutoCloseable {

  private static final int CREATED = 201;

  private final URI address;
  private final String authorization;
  private final int concurrency;
  private final List<String> forms;
  private final Progress progress;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService threads;

  /**
   * A peer.
   *
   * @param base where the server is
   * @param callback where status callbacks should go
   */
  HttpClientPeer(
      String base,
      String accountSid,
      String authToken,
      String from,
      String callback,
      int concurrency,
      int messages,
      Notices notices,
      Progress progress) {
    this.address = URI.create(base + "/2010-04-01/Accounts/" + accountSid + "/Messages.json");
    this.authorization =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((accountSid + ':' + authToken).getBytes(StandardCharsets.UTF_8));
    this.concurrency = concurrency;
    this.progress = progress;
    this.threads = Executors.newFixedThreadPool(concurrency);
    Renderer renderer = notices.words().renderer();
    this.forms = new ArrayList<>(messages);
    for (int i = 0; i < messages; i++) {
      forms.add(
          form(
              Map.of(
                  "To",
                  Notices.contact(Channel.SMS, 0, i).value(),
                  "From",
                  from,
                  "Body",
                  renderer.sms(notices.recipient(0, i)).body(),
                  "StatusCallback",
                  callback)));
    }
  }

  /** Posts so many forms; returns the seconds it took. */
  double round(int messages) throws Exception {
    AtomicInteger next = new AtomicInteger();
    long begun = System.nanoTime();
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < concurrency; i++) {
      all.add(
          threads.submit(() -> {
            for (int number = next.getAndIncrement();
                number < messages;
                number = next.getAndIncrement()) {
              post(forms.get(number));
            }
            return true;
          }));
    }
    for (Future<?> each : all) {
      Object _ = each.get();
    }
    double seconds = Figures.seconds(begun, System.nanoTime());
    progress.say(
        "HttpClient: %,d messages in %.2f s, %,d/s",
        messages, seconds, Figures.rate(messages, seconds));
    return seconds;
  }

  @Override
  public void close() {
    threads.shutdownNow();
    client.close();
  }

  private void post(String form) throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(address)
                .header("Authorization", authorization)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != CREATED) {
      throw new IllegalStateException("The server answered " + response.statusCode());
    }
  }

  private static String form(Map<String, String> values) {
    return values.entrySet().stream()
        .map(entry ->
            entry.getKey() + '=' + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }
}
