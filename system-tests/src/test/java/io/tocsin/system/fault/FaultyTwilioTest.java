package io.tocsin.system.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.tocsin.system.fault.TwilioFault.Answer;
import io.tocsin.system.fault.TwilioFault.Receipt;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client and a callback's receiver see of each fault, and what the script hears. */
@Timeout(20)
class FaultyTwilioTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final FaultyTwilio.Account ACCOUNT =
      new FaultyTwilio.Account("AC0123456789abcdef0123456789abcdef", "a token");

  /** A callback as it came in: its status, and its signature. */
  private record Callback(String status, String signature) {}

  private final List<String> taken = new CopyOnWriteArrayList<>();
  private final List<Callback> callbacks = new CopyOnWriteArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private TwilioFault fault = TwilioFault.NONE;
  private FaultyTwilio twilio;
  private HttpServer receiver;

  @BeforeEach
  void start() throws IOException {
    TwilioScript script =
        new TwilioScript() {
          @Override
          public TwilioFault next(String to) {
            return fault;
          }

          @Override
          public void taken(String to, String body) {
            taken.add(body);
          }
        };
    twilio = new FaultyTwilio(ACCOUNT, script, FaultyTwilio.Pace.FAST);
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 10);
    receiver.createContext(
        "/",
        exchange -> {
          try (exchange) {
            String form =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            callbacks.add(
                new Callback(
                    form.replaceFirst(".*MessageStatus=([a-z]+).*", "$1"),
                    exchange.getRequestHeaders().getFirst("X-Twilio-Signature")));
            exchange.sendResponseHeaders(204, -1);
          }
        });
    receiver.start();
  }

  @AfterEach
  void stop() throws IOException {
    http.shutdownNow();
    twilio.close();
    receiver.stop(0);
  }

  @Test
  void shouldTakeAMessageFindItAndCallBack() throws Exception {
    // When
    HttpResponse<String> created = post();
    HttpResponse<String> found = list();

    // Then
    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(found.body())
        .contains(
            "ABCDE-12345", created.body().replaceFirst(".*\"sid\":\"(SM[0-9a-f]+)\".*", "$1"));
    assertThat(taken).hasSize(1);
    awaitReceipts();
    assertThat(callbacks).extracting(Callback::status).containsExactly("delivered");
  }

  @ParameterizedTest
  @EnumSource(
      value = Answer.class,
      names = {"TAKEN_THEN_500", "LOST_THEN_500"})
  void shouldAnswer500(Answer answer) throws Exception {
    // Given
    fault = TwilioFault.NONE.with(answer);

    // When
    HttpResponse<String> response = post();

    // Then
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).contains("20500");
    assertKept(answer);
  }

  @ParameterizedTest
  @EnumSource(
      value = Answer.class,
      names = {"TAKEN_THEN_SILENT", "SILENT"})
  void shouldStaySilent(Answer answer) throws Exception {
    // Given
    fault = TwilioFault.NONE.with(answer);

    // When / Then
    assertThatThrownBy(this::post).isInstanceOf(HttpTimeoutException.class);
    assertKept(answer);
  }

  @ParameterizedTest
  @EnumSource(
      value = Answer.class,
      names = {"TAKEN_THEN_RESET", "RESET"})
  void shouldResetTheConnection(Answer answer) throws Exception {
    // Given
    fault = TwilioFault.NONE.with(answer);

    // When / Then
    assertThatThrownBy(this::post).hasRootCauseMessage("Connection reset");
    assertKept(answer);
  }

  @Test
  void shouldBeBusy() throws Exception {
    // Given
    fault = TwilioFault.NONE.with(Answer.BUSY);

    // When
    HttpResponse<String> response = post();

    // Then
    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.headers().firstValue("Retry-After")).contains("1");
    assertThat(response.body()).contains("20429");
    assertThat(taken).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {21211, 21614, 21610, 21612, 30005, 30006, 21408, 21606, 21611, 20003})
  void shouldRefuseByCode(int code) throws Exception {
    // Given
    fault = TwilioFault.refused(code);

    // When
    HttpResponse<String> response = post();

    // Then
    assertThat(response.statusCode()).isEqualTo(code == 20003 ? 401 : 400);
    assertThat(response.body()).contains("\"code\":" + code);
    assertThat(taken).isEmpty();
  }

  @Test
  void shouldCallBackThatAMessageWasNotDelivered() throws Exception {
    // Given
    fault = TwilioFault.undelivered(30008);

    // When
    post();

    // Then
    awaitReceipts();
    assertThat(callbacks).extracting(Callback::status).containsExactly("undelivered");
  }

  @Test
  void shouldCallBackBeforeTheAnswer() throws Exception {
    // Given
    fault = TwilioFault.NONE.with(Receipt.BEFORE_THE_ANSWER);

    // When
    post();

    // Then
    assertThat(callbacks).hasSize(1);
  }

  @Test
  void shouldCallBackTwice() throws Exception {
    // Given
    fault = TwilioFault.NONE.with(Receipt.TWICE);

    // When
    post();

    // Then
    awaitReceipts();
    assertThat(callbacks).hasSize(2);
    assertThat(callbacks.getFirst()).isEqualTo(callbacks.getLast());
  }

  @Test
  void shouldCallBackLate() throws Exception {
    // Given
    fault = TwilioFault.NONE.with(Receipt.LATE);
    long begun = System.nanoTime();

    // When
    post();

    // Then
    awaitReceipts();
    assertThat(callbacks).hasSize(1);
    assertThat(System.nanoTime() - begun)
        .isGreaterThanOrEqualTo(FaultyTwilio.Pace.FAST.late().toNanos());
  }

  @Test
  void shouldForgeACallbackThatSaysTheOpposite() throws Exception {
    // Given
    fault = TwilioFault.NONE.with(Receipt.AFTER_A_FORGED_ONE);

    // When
    post();

    // Then
    awaitReceipts();
    assertThat(callbacks).extracting(Callback::status).containsExactly("undelivered", "delivered");
    assertThat(twilio.receipts().forgeriesTaken()).isEqualTo(1);
  }

  @Test
  void shouldNeverCallBack() throws Exception {
    // Given
    fault = TwilioFault.NONE.with(Receipt.NEVER);

    // When
    post();
    fault = TwilioFault.NONE;
    post();

    // Then
    awaitReceipts();
    assertThat(callbacks).hasSize(1);
  }

  @Test
  void shouldRefuseStrangers() throws Exception {
    // When
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(messages("")).GET().build(),
            HttpResponse.BodyHandlers.ofString());

    // Then
    assertThat(response.statusCode()).isEqualTo(401);
  }

  private void assertKept(Answer answer) throws Exception {
    assertThat(taken).hasSize(answer.takes() ? 1 : 0);
    assertThat(list().body().contains("ABCDE-12345")).isEqualTo(answer.takes());
  }

  private void awaitReceipts() {
    await().atMost(SOON).until(() -> twilio.receipts().pending() == 0);
  }

  private HttpResponse<String> post() throws IOException, InterruptedException {
    String form =
        "To=%2B999715000000&From=Any2text&Body=Notice+ABCDE-12345&StatusCallback=http%3A%2F%2F127.0.0.1%3A"
            + receiver.getAddress().getPort()
            + "%2Freceipts";
    return send(
        HttpRequest.newBuilder(messages("")).POST(HttpRequest.BodyPublishers.ofString(form)));
  }

  private HttpResponse<String> list() throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(messages("?To=%2B999715000000&PageSize=50")).GET());
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    String credentials = ACCOUNT.sid() + ":" + ACCOUNT.token();
    return http.send(
        request
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder()
                        .encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
            .timeout(Duration.ofSeconds(1))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private URI messages(String query) {
    return URI.create(
        twilio.baseUrl() + "/2010-04-01/Accounts/" + ACCOUNT.sid() + "/Messages.json" + query);
  }
}
