package io.tocsin.notifier.receipts;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tocsin.avro.Channel;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.notifier.Fixtures;
import io.tocsin.schemas.id.NoticeIds;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TwilioCallbacksTest {

  private static final String PUBLIC = "https://notices.example";
  private static final String AUTH_TOKEN = "token";
  private static final String DELIVERY =
      NoticeIds.deliveryId(NoticeIds.noticeId("INC-1", "u1", 1), Channel.SMS);

  @TempDir private Path folder;
  private final List<Map.Entry<Integer, DeliveryEvent>> written = new CopyOnWriteArrayList<>();
  private CompletionStage<?> acknowledgement = CompletableFuture.completedFuture(null);
  private final HttpClient client = HttpClient.newHttpClient();
  private ReceiptTokens tokens;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    tokens = new ReceiptTokens(new Fixtures(folder).keys().receiptPrf());
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        TwilioCallbacks.PATH,
        new TwilioCallbacks(
            URI.create(PUBLIC),
            AUTH_TOKEN,
            "30003"::equals,
            tokens,
            (partition, event) -> {
              written.add(Map.entry(partition, event));
              return acknowledgement;
            },
            InstantSource.fixed(Instant.EPOCH),
            new SimpleMeterRegistry()));
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    client.close();
  }

  @ParameterizedTest
  @CsvSource({
    "delivered, , RECEIPT_DELIVERED",
    "undelivered, 30003, RECEIPT_UNDELIVERED",
    "failed, 30007, RECEIPT_UNDELIVERED",
  })
  void shouldWriteAFinalStatusToTheTokensPartition(
      String status, String code, DeliveryEventKind kind) throws Exception {
    // Given
    Map<String, String> form = new TreeMap<>(form(status));
    if (code != null) {
      form.put("ErrorCode", code);
    }

    // When
    int answer = post(token(), form);

    // Then
    assertThat(answer).isEqualTo(204);
    assertThat(written).hasSize(1);
    DeliveryEvent event = written.getFirst().getValue();
    assertThat(written.getFirst().getKey()).isEqualTo(3);
    assertThat(event.getKind()).isEqualTo(kind);
    assertThat(event.getDeliveryId()).isEqualTo(DELIVERY);
    assertThat(event.getAttempt()).isEqualTo(2);
    assertThat(event.getIssue()).isEqualTo(-1);
    assertThat(event.getChannel()).isEqualTo(Channel.SMS);
    assertThat(event.getProviderId()).contains("SM1");
    assertThat(event.getProviderCode()).isEqualTo(Optional.ofNullable(code));
    assertThat(event.getRetryAfter().isPresent()).isEqualTo("30003".equals(code));
    assertThat(event.toString()).doesNotContain("7701");
  }

  @ParameterizedTest
  @ValueSource(strings = {"queued", "sending", "sent", "whatever"})
  void shouldIgnoreWhatIsNotFinal(String status) throws Exception {
    assertThat(post(token(), form(status))).isEqualTo(204);
    assertThat(written).isEmpty();
  }

  @Test
  void shouldTakeARepetition() throws Exception {
    assertThat(post(token(), form("delivered"))).isEqualTo(204);
    assertThat(post(token(), form("delivered"))).isEqualTo(204);
    assertThat(written).hasSize(2);
  }

  @Test
  void shouldRefuseAForgedOrMissingSignature() throws Exception {
    // Given
    Map<String, String> form = form("delivered");

    // When, Then
    assertThat(send(TwilioCallbacks.PATH + token(), body(form), "AAAA")).isEqualTo(403);
    assertThat(send(TwilioCallbacks.PATH + token(), body(form), null)).isEqualTo(403);
    String signature = signature(PUBLIC + TwilioCallbacks.PATH + token(), form);
    assertThat(send(TwilioCallbacks.PATH + token(), body(form("failed")), signature))
        .isEqualTo(403);
    assertThat(written).isEmpty();
  }

  @Test
  void shouldNotKnowAForgedToken() throws Exception {
    // Given
    String token = token();
    String forged = (token.charAt(0) == 'a' ? 'b' : 'a') + token.substring(1);

    // When, Then
    assertThat(post(forged, form("delivered"))).isEqualTo(404);
    assertThat(post("nonsense", form("delivered"))).isEqualTo(404);
    assertThat(written).isEmpty();
  }

  /** The rest of the body never comes: an endpoint that wanted to read it all would wait for it. */
  @Test
  void shouldAnswerALongBodyWithoutReadingItAll() throws Exception {
    // Given
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000\r\n\r\n"
            .formatted(TwilioCallbacks.PATH + token());
    String mostThatIsRead = "x".repeat(64 * 1024 + 1);

    // When
    String statusLine;
    try (Socket socket =
            new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort());
        BufferedReader answer =
            new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write((head + mostThatIsRead).getBytes(US_ASCII));
      statusLine = answer.readLine();
    }

    // Then
    assertThat(statusLine).startsWith("HTTP/1.1 413 ");
    assertThat(written).isEmpty();
  }

  @Test
  void shouldRefuseWhatIsNotAForm() throws Exception {
    assertThat(send(TwilioCallbacks.PATH + token(), "a=%zz", null)).isEqualTo(400);
  }

  @Test
  void shouldTellTwilioWhenKafkaDoesNotTakeIt() throws Exception {
    // Given
    acknowledgement = CompletableFuture.failedFuture(new IllegalStateException("no"));

    // When, Then
    assertThat(post(token(), form("delivered"))).isEqualTo(503);
  }

  @Test
  void shouldAnswerOnlyPosts() throws Exception {
    HttpResponse<Void> response =
        client.send(
            HttpRequest.newBuilder(uri(TwilioCallbacks.PATH + token())).build(),
            HttpResponse.BodyHandlers.discarding());
    assertThat(response.statusCode()).isEqualTo(405);
  }

  private String token() {
    return tokens.issue(3, DELIVERY, 2);
  }

  private static Map<String, String> form(String status) {
    return Map.of(
        "MessageSid", "SM1", "MessageStatus", status, "To", "+77011234567", "AccountSid", "AC1");
  }

  private int post(String token, Map<String, String> form) throws Exception {
    String path = TwilioCallbacks.PATH + token;
    return send(path, body(form), signature(PUBLIC + path, form));
  }

  private int send(String path, String body, @Nullable String signature) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body));
    if (signature != null) {
      request.header("X-Twilio-Signature", signature);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private static String body(Map<String, String> form) {
    return form.entrySet().stream()
        .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  /** As Twilio documents it: HMAC-SHA1 over the address and the sorted parameters. */
  private static String signature(String url, Map<String, String> form)
      throws GeneralSecurityException {
    StringBuilder signed = new StringBuilder(url);
    new TreeMap<>(form).forEach((name, value) -> signed.append(name).append(value));
    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(AUTH_TOKEN.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
    return Base64.getEncoder()
        .encodeToString(mac.doFinal(signed.toString().getBytes(StandardCharsets.UTF_8)));
  }
}
