package io.tocsin.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server that is not Tocsin's: keeps every request and answers a POST as Twilio does when
 * it takes a message.
 */
final class OtherHttp implements AutoCloseable {

  private static final Pattern AMPERSAND = Pattern.compile("&");

  private final HttpServer server;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger sid = new AtomicInteger();

  OtherHttp() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 100);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  /**
   * A request as it came in.
   *
   * @param form its form parameters, decoded
   */
  record Request(
      String method,
      String path,
      @Nullable String contentType,
      @Nullable String authorization,
      Map<String, String> form) {

    @Override
    public String toString() {
      return "Request[" + method + " " + path + " " + form.keySet() + "]";
    }
  }

  /** What {@code twilio.base.url} takes. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Every request so far. */
  List<Request> requests() {
    return List.copyOf(requests);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var headers = exchange.getRequestHeaders();
      requests.add(
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              headers.getFirst("Content-Type"),
              headers.getFirst("Authorization"),
              form(body)));
      byte[] answer =
          """
          {"sid": "SM%032x", "status": "queued", "error_code": null, "error_message": null}\
          """
              .formatted(sid.incrementAndGet())
              .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(201, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private static Map<String, String> form(String body) {
    Map<String, String> form = new HashMap<>();
    for (String pair : AMPERSAND.splitAsStream(body).toList()) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        form.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      }
    }
    return form;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
