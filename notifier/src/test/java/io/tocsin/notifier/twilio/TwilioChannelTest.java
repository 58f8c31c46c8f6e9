package io.tocsin.notifier.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.tocsin.avro.Channel;
import io.tocsin.avro.CommandKind;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.avro.SendCommand;
import io.tocsin.notifier.Fixtures;
import io.tocsin.notifier.NotifierKeys;
import io.tocsin.notifier.attempt.Outcome;
import io.tocsin.notifier.attempt.Reasons;
import io.tocsin.notifier.receipts.ReceiptTokens;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.contact.PhoneNumber;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TwilioChannelTest {

  private static final Instant NOW = Instant.parse("2026-03-07T08:00:00Z");
  private static final String SECRET = "+77011234567";

  @TempDir private Path folder;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Map<String, String>> posts = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private HttpServer server;
  private HttpHandler script =
      exchange -> answer(exchange, 201, "{\"sid\":\"SM1\",\"status\":\"queued\"}");

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          if (exchange.getRequestMethod().equals("POST")) {
            Map<String, String> form =
                form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            form.put("path", exchange.getRequestURI().getPath());
            form.put("auth", exchange.getRequestHeaders().getFirst("Authorization"));
            posts.add(form);
          }
          script.handle(exchange);
        });
    server.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void shouldPostOneWellFormedMessage() {
    // When
    Outcome outcome = send(Map.of("twilio.status.callback.url", "https://notices.example/"));

    // Then
    assertThat(outcome.kind()).isEqualTo(DeliveryEventKind.ACCEPTED);
    assertThat(outcome.providerId()).contains("SM1");
    assertThat(posts).hasSize(1);
    Map<String, String> post = posts.getFirst();
    assertThat(post)
        .containsEntry("path", "/2010-04-01/Accounts/AC1/Messages.json")
        .containsEntry("To", SECRET)
        .containsEntry("From", "+15005550006")
        .containsEntry(
            "auth",
            "Basic "
                + Base64.getEncoder().encodeToString("AC1:token".getBytes(StandardCharsets.UTF_8)));
    assertThat(post.get("Body")).contains(command().getReference());
    assertThat(post.get("StatusCallback"))
        .matches("https://notices\\.example/receipts/twilio/[a-z2-7]{48}");
  }

  @Test
  void shouldAskForNoCallbackWithoutAnAddressAndUseAMessagingService() {
    // When
    send(Map.of("twilio.from", "", "twilio.messaging.service.sid", "MG1"));

    // Then
    assertThat(posts.getFirst())
        .containsEntry("MessagingServiceSid", "MG1")
        .doesNotContainKeys("StatusCallback", "From");
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504, 302, 408})
  void shouldPostOnceAndCallAnAmbiguousAnswerUnknown(int status) {
    // Given
    script =
        exchange -> answer(exchange, status, "{\"code\":20500,\"message\":\"to " + SECRET + "\"}");

    // When
    Outcome outcome = send(Map.of());

    // Then
    assertThat(outcome.kind()).isEqualTo(DeliveryEventKind.UNKNOWN);
    assertThat(posts).hasSize(1);
    assertThat(outcome.toString()).doesNotContain("7701");
  }

  @Test
  void shouldPostOnceAndWaitAsLongAsTwilioSaysWhenItIsBusy() {
    // Given
    script =
        exchange -> {
          exchange.getResponseHeaders().set("Retry-After", "7");
          answer(exchange, 429, "{\"code\":20429,\"message\":\"busy\"}");
        };

    // When
    Outcome outcome = send(Map.of());

    // Then
    assertThat(outcome.kind()).isEqualTo(DeliveryEventKind.REJECTED_TRANSIENT);
    assertThat(outcome.code()).contains("20429");
    assertThat(outcome.retryAfter()).contains(NOW.plusSeconds(7));
    assertThat(posts).hasSize(1);
  }

  @Test
  void shouldPostOnceAndCallATimeOutUnknown() {
    // Given
    script = exchange -> awaitEnd();

    // When
    Outcome outcome = send(Map.of("twilio.timeout.read.ms", "300"));

    // Then
    assertThat(outcome).isEqualTo(Outcome.unknown(Reasons.NO_ANSWER));
    assertThat(posts).hasSize(1);
  }

  @Test
  void shouldPostOnceAndCallAResetAfterTheRequestUnknown() {
    // Given
    script = HttpExchange::close;

    // When
    Outcome outcome = send(Map.of());

    // Then
    assertThat(outcome.kind()).isEqualTo(DeliveryEventKind.UNKNOWN);
    assertThat(posts).hasSize(1);
  }

  @Test
  void shouldCallAYesThatCannotBeReadUnknown() {
    // Given
    script = exchange -> answer(exchange, 201, "<html>welcome</html>");

    // When, Then
    assertThat(send(Map.of()).kind()).isEqualTo(DeliveryEventKind.UNKNOWN);
    assertThat(posts).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "400, 21211, REJECTED_PERMANENT",
    "400, 21614, REJECTED_PERMANENT",
    "400, 21610, REJECTED_PERMANENT",
    "400, 21612, REJECTED_PERMANENT",
    "401, 20003, CHANNEL_FAULT",
    "400, 21606, CHANNEL_FAULT",
    "400, 21212, CHANNEL_FAULT",
    "400, 21611, REJECTED_TRANSIENT",
    "400, 12345, REJECTED_TRANSIENT",
    "400, 20500, UNKNOWN",
  })
  void shouldClassifyARefusalByItsCode(int status, String code, DeliveryEventKind kind) {
    // Given
    script =
        exchange ->
            answer(
                exchange,
                status,
                "{\"code\":%s,\"message\":\"The number %s is bad\",\"status\":%d}"
                    .formatted(code, SECRET, status));

    // When
    Outcome outcome = send(Map.of());

    // Then
    assertThat(outcome.kind()).isEqualTo(kind);
    assertThat(outcome.code()).contains(code);
    assertThat(outcome.toString()).doesNotContain("7701");
    assertThat(posts).hasSize(1);
  }

  @Test
  void shouldBlameTheCountryThatTwilioMayNotSendTo() {
    // Given
    script = exchange -> answer(exchange, 400, "{\"code\":21408,\"message\":\"no permission\"}");

    // When
    Outcome outcome = send(Map.of());

    // Then
    assertThat(outcome).isEqualTo(Outcome.destinationFault(Reasons.REFUSED).withCode("21408"));
    assertThat(posts).hasSize(1);
  }

  @Test
  @Timeout(10)
  void shouldCallAnAnswerThatComesAnOctetAtATimeUnknown() {
    // Given
    script =
        exchange -> {
          exchange.sendResponseHeaders(201, 0);
          while (end.getCount() > 0) {
            exchange.getResponseBody().write(' ');
            exchange.getResponseBody().flush();
            pause();
          }
        };

    // When
    Outcome outcome = send(Map.of("twilio.timeout.call.ms", "500"));

    // Then
    assertThat(outcome.kind()).isEqualTo(DeliveryEventKind.UNKNOWN);
    assertThat(outcome.reason()).contains(Reasons.NO_ANSWER);
    assertThat(posts).hasSize(1);
  }

  @Test
  void shouldBlameTheChannelForARefusalWithoutACode() {
    // Given
    script = exchange -> answer(exchange, 404, "not here");

    // When
    Outcome outcome = send(Map.of());

    // Then
    assertThat(outcome).isEqualTo(Outcome.channelFault(Reasons.REFUSED).withCode("http-404"));
  }

  @Test
  void shouldNotStartWhenNobodyListens() {
    // Given
    server.stop(0);

    // When
    Outcome outcome = send(Map.of());

    // Then
    assertThat(outcome).isEqualTo(Outcome.notStarted(Reasons.UNREACHABLE));
  }

  @Test
  void shouldBlameTheChannelWhenTlsFails() throws IOException {
    // Given
    try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      threads.execute(() -> {
        try (Socket socket = plain.accept()) {
          socket.getOutputStream().write("no TLS here\r\n\r\n".getBytes(StandardCharsets.UTF_8));
          socket.getOutputStream().flush();
          awaitEnd();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });

      // When
      Outcome outcome =
          send(Map.of("twilio.base.url", "https://127.0.0.1:" + plain.getLocalPort()));

      // Then
      assertThat(outcome).isEqualTo(Outcome.channelFault(Reasons.TLS));
    }
  }

  @Test
  void shouldPostNothingWhenTheGateIsShut() {
    // Given
    try (TwilioChannel channel = channel(Map.of())) {
      // When
      Outcome outcome =
          channel
              .prepare(command(), PhoneNumber.parse(SECRET), Fixtures.renderer())
              .send(() -> Optional.of(Outcome.notStarted(Reasons.LEASE)));

      // Then
      assertThat(outcome).isEqualTo(Outcome.notStarted(Reasons.LEASE));
      assertThat(posts).isEmpty();
      assertThat(
              channel
                  .prepare(command(), PhoneNumber.parse(SECRET), Fixtures.renderer())
                  .send(Optional::empty)
                  .kind())
          .isEqualTo(DeliveryEventKind.ACCEPTED);
    }
  }

  @Test
  void shouldFindAMessageByItsReference() {
    // Given
    String reference = command().getReference();
    String newest = message("SM3", "2026-03-07T07:59:30Z", "something else");
    String wanted = message("SM2", "2026-03-07T07:59:10Z", "text " + reference + " end");
    script = exchange -> answer(exchange, 200, page(newest + "," + wanted, null));

    // When
    Outcome outcome = reconcile("2026-03-07T07:59:00Z");

    // Then
    assertThat(outcome.kind()).isEqualTo(DeliveryEventKind.FOUND);
    assertThat(outcome.providerId()).contains("SM2");
  }

  @Test
  void shouldFollowPagesAndNotTakeAnEarlierAttemptForThisOne() {
    // Given
    String reference = command().getReference();
    script =
        exchange -> {
          String query = String.valueOf(exchange.getRequestURI().getQuery());
          boolean second = query.contains("Page=1");
          assertThat(query).contains("To=" + SECRET);
          answer(
              exchange,
              200,
              second
                  ? page(message("SM1", "2026-03-06T00:00:00Z", reference), null)
                  : page(
                      message("SM2", "2026-03-07T07:59:30Z", "other"),
                      "/2010-04-01/Accounts/AC1/Messages.json?To=%2B77011234567&PageSize=200&Page=1"));
        };

    // When, Then
    assertThat(reconcile("2026-03-07T07:59:00Z").kind()).isEqualTo(DeliveryEventKind.NOT_FOUND);
  }

  @Test
  void shouldNotClaimToKnowWhenTwilioDoesNotAnswer() {
    // Given
    script = exchange -> answer(exchange, 503, "{}");

    // When, Then
    assertThat(reconcile("2026-03-07T07:59:00Z").kind()).isEqualTo(DeliveryEventKind.UNAVAILABLE);
  }

  private Outcome reconcile(String attemptedAt) {
    try (TwilioChannel channel = channel(Map.of())) {
      return channel.reconcile(
          fixtures()
              .command(Channel.SMS, "u1")
              .setKind(CommandKind.RECONCILE)
              .setAttemptedAt(Instant.parse(attemptedAt))
              .build(),
          PhoneNumber.parse(SECRET));
    }
  }

  private Outcome send(Map<String, String> options) {
    try (TwilioChannel channel = channel(options)) {
      return channel
          .prepare(command(), PhoneNumber.parse(SECRET), Fixtures.renderer())
          .send(Optional::empty);
    }
  }

  private SendCommand command() {
    return fixtures().command(Channel.SMS, "u1").build();
  }

  private Fixtures fixtures() {
    return new Fixtures(folder);
  }

  private TwilioChannel channel(Map<String, String> options) {
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "twilio.account.sid", "AC1",
                "twilio.auth.token", "token",
                "twilio.from", "+15005550006",
                "twilio.base.url", "http://127.0.0.1:" + server.getAddress().getPort()));
    settings.putAll(options);
    TocsinConfig config =
        TocsinConfig.load(NotifierKeys.define(new ConfigDef()), null, Map.of(), settings);
    return new TwilioChannel(
        TwilioSettings.from(config),
        4,
        new ReceiptTokens(fixtures().keys().receiptPrf()),
        InstantSource.fixed(NOW));
  }

  private void pause() throws IOException {
    try {
      boolean _ = end.await(20, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private void awaitEnd() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String message(String sid, String created, String body) {
    String date =
        DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
            .format(Instant.parse(created).atZone(ZoneOffset.UTC));
    return "{\"sid\":\"%s\",\"date_created\":\"%s\",\"body\":\"%s\",\"to\":\"%s\"}"
        .formatted(sid, date, body, SECRET);
  }

  private static String page(String messages, @Nullable String next) {
    return "{\"messages\":[%s],\"page\":0,\"page_size\":200,\"uri\":\"/x\",\"first_page_uri\":\"/x\",\"next_page_uri\":%s}"
        .formatted(messages, next == null ? "null" : "\"" + next + "\"");
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static Map<String, String> form(String body) {
    return Arrays.stream(body.split("&"))
        .map(pair -> pair.split("=", 2))
        .collect(
            Collectors.toMap(
                pair -> pair[0],
                pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8),
                (a, b) -> a,
                HashMap::new));
  }
}
