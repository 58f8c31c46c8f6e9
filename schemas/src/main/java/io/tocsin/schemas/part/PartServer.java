package io.tocsin.schemas.part;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Health and metrics of a running part over HTTP.
 *
 * <ul>
 *   <li>{@code /health/live}: 200 while the process should be left alone, 503 with the reason when
 *       it should be restarted
 *   <li>{@code /health/ready}: 200 when it does its work, 503 with the reason while it does not
 *   <li>{@code /metrics}: Prometheus text format
 * </ul>
 */
public final class PartServer implements AutoCloseable {

  static {
    // The JDK's server delays small answers by 40 ms (Nagle against delayed ACK) unless told not
    // to.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService executor;

  private PartServer(HttpServer server, ExecutorService executor) {
    this.server = server;
    this.executor = executor;
  }

  /**
   * Starts the server.
   *
   * @param host address to listen on
   * @param port port to listen on; 0 takes a free one
   * @param alive why the part should be restarted, if it should
   * @param ready why the part does not do its work, if it does not
   * @throws IOException if the port cannot be had; the message names it
   */
  public static PartServer start(
      String host,
      int port,
      Supplier<Optional<String>> alive,
      Supplier<Optional<String>> ready,
      PrometheusMeterRegistry metrics)
      throws IOException {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(host, port), 0);
    } catch (IOException e) {
      throw new IOException("Cannot listen on " + host + ":" + port + ": " + e.getMessage(), e);
    }
    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(executor);
    server.createContext("/health/live", exchange -> answerHealth(exchange, alive.get()));
    server.createContext("/health/ready", exchange -> answerHealth(exchange, ready.get()));
    server.createContext(
        "/metrics",
        exchange ->
            answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape()));
    server.start();
    return new PartServer(server, executor);
  }

  /** Serves another path beside the standard ones. */
  public void handle(String path, HttpHandler handler) {
    server.createContext(path, handler);
  }

  /** The port it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.close();
  }

  private static void answerHealth(HttpExchange exchange, Optional<String> problem)
      throws IOException {
    answer(
        exchange,
        problem.isPresent() ? 503 : 200,
        "text/plain; charset=utf-8",
        problem.orElse("ok") + "\n");
  }

  private static void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
