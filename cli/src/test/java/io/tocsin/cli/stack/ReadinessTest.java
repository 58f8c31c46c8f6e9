package io.tocsin.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadinessTest {

  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void shouldMissNothingWhenTheAnswerIs200() {
    // Given
    answer(200, "ready\n");

    // When, Then
    assertThat(answering().missing()).isEmpty();
  }

  @Test
  void shouldRepeatTheReasonThatThePartGives() {
    // Given
    answer(503, "The streams is restoring its state\n");

    // When, Then
    assertThat(answering().missing()).contains("The streams is restoring its state");
  }

  @Test
  void shouldNameThePortThatNobodyListensOn() throws IOException {
    // Given
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }

    // When, Then
    assertThat(new Readiness.Listening(port).missing().orElseThrow()).startsWith("port " + port);
    assertThat(new Readiness.Answering(port, "/").missing().orElseThrow())
        .startsWith("port " + port);
  }

  @Test
  void shouldMissNothingWhenThePortIsOpen() {
    assertThat(new Readiness.Listening(server.getAddress().getPort()).missing()).isEmpty();
  }

  private Readiness answering() {
    return new Readiness.Answering(server.getAddress().getPort(), "/health/ready");
  }

  private void answer(int status, String body) {
    server.createContext(
        "/health/ready",
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }
}
