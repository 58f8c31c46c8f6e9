package io.tocsin.cli.stack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class TwilioStandInTest {

  private static final String ACCOUNT = "AC" + "0123456789abcdef".repeat(2);
  private static final String TOKEN = "token-of-the-test";
  private static final String FROM = "+15005550006";
  private static final String MESSAGES = "/2010-04-01/Accounts/" + ACCOUNT + "/Messages";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private TwilioStandIn standIn;

  @BeforeEach
  void start() throws IOException {
    standIn = start(Duration.ofMillis(5));
  }

  private TwilioStandIn start(Duration step) throws IOException {
    return TwilioStandIn.start(
        new TwilioSettings(folder.resolve("messages.jsonl"), 0, ACCOUNT, TOKEN, step, 4));
  }

  @AfterEach
  void stop() throws IOException {
    standIn.close();
    http.shutdownNow();
  }

  @Test
  void shouldAcceptAMessageAndKeepItBeforeAnswering() throws Exception {
    // When
    var answer = post(Map.of("To", "+77011234567", "From", FROM, "Body", "Сәлем"));

    // Then
    assertThat(answer.statusCode()).isEqualTo(201);
    var json = JSON.readTree(answer.body());
    assertThat(json.path("sid").asText()).matches("SM[0-9a-f]{32}");
    assertThat(json.path("status").asText()).isEqualTo("queued");
    assertThat(json.path("num_segments").asText()).isEqualTo("1");
    assertThat(json.path("price").isNull()).isTrue();
    assertThat(json.path("date_created").asText())
        .matches("[A-Z][a-z]{2}, \\d{2} [A-Z][a-z]{2} \\d{4} \\d{2}:\\d{2}:\\d{2} \\+0000");
    assertThat(json.path("uri").asText())
        .isEqualTo(MESSAGES + "/" + json.path("sid").asText() + ".json");
    var kept = JSON.readTree(lines().getFirst());
    assertThat(kept.path("sid").asText()).isEqualTo(json.path("sid").asText());
    assertThat(kept.path("to").asText()).isEqualTo("+77011234567");
    assertThat(kept.path("body").asText()).isEqualTo("Сәлем");
    assertThat(kept.path("segments").asInt()).isEqualTo(1);
  }

  @Test
  void shouldRefuseWrongCredentials() throws Exception {
    // Given
    var request =
        HttpRequest.newBuilder(URI.create(standIn.baseUrl() + MESSAGES + ".json"))
            .header("Authorization", basic(ACCOUNT + ":wrong"))
            .GET()
            .build();

    // When
    var answer = http.send(request, HttpResponse.BodyHandlers.ofString());

    // Then
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(JSON.readTree(answer.body()).path("code").asInt()).isEqualTo(20003);
  }

  @ParameterizedTest
  @CsvSource({
    "'', +15005550006, hello, 21604",
    "+77011234567, '', hello, 21603",
    "+77011234567, +15005550006, '', 21602",
    "77011234567, +15005550006, hello, 21211",
    "+15005550001, +15005550006, hello, 21211",
    "+15005550002, +15005550006, hello, 21612",
    "+15005550003, +15005550006, hello, 21408",
    "+15005550004, +15005550006, hello, 21610",
    "+15005550009, +15005550006, hello, 21614",
    "+77010021610, +15005550006, hello, 21610",
    "+77011234567, +15005550001, hello, 21212",
    "+77011234567, +15005550007, hello, 21606",
    "+77011234567, +15005550008, hello, 21611",
    "+77011234567, 'way too long a name', hello, 21212"
  })
  void shouldRefuseInTwiliosWords(String to, String from, String body, int code) throws Exception {
    // When
    var answer = post(Map.of("To", to, "From", from, "Body", body));

    // Then
    assertThat(answer.statusCode()).isEqualTo(400);
    var json = JSON.readTree(answer.body());
    assertThat(json.path("code").asInt()).isEqualTo(code);
    assertThat(json.path("status").asInt()).isEqualTo(400);
    assertThat(json.path("message").asText()).isNotBlank();
    assertThat(json.path("more_info").asText()).endsWith("/" + code);
    assertThat(standIn.messages()).isZero();
  }

  @Test
  void shouldRefuseABodyOfMoreThanSixteenHundredCharacters() throws Exception {
    var longest = post(Map.of("To", "+77011234567", "From", "Tocsin", "Body", "x".repeat(1_600)));
    var tooLong = post(Map.of("To", "+77011234567", "From", "Tocsin", "Body", "x".repeat(1_601)));

    assertThat(longest.statusCode()).isEqualTo(201);
    assertThat(JSON.readTree(tooLong.body()).path("code").asInt()).isEqualTo(21617);
  }

  @Test
  void shouldAnswer429TwiceAndThenAccept() throws Exception {
    var statuses = new ArrayList<Integer>();
    for (int i = 0; i < 3; i++) {
      statuses.add(post(Map.of("To", "+77010020429", "From", FROM, "Body", "x")).statusCode());
    }
    assertThat(statuses).containsExactly(429, 429, 201);
  }

  @Test
  void shouldKeepAMessageWhoseAnswerIsLost() throws Exception {
    // When
    var answer = post(Map.of("To", "+77010020500", "From", FROM, "Body", "reference 12345"));

    // Then
    assertThat(answer.statusCode()).isEqualTo(500);
    var found = list("To=" + encode("+77010020500"));
    assertThat(found.path("messages")).hasSize(1);
    assertThat(found.path("messages").get(0).path("body").asText()).isEqualTo("reference 12345");
  }

  @Test
  void shouldCallBackInOrderWithAValidSignature() throws Exception {
    // Given
    try (var receiver = new Receiver(0)) {
      // When
      var answer =
          post(
              Map.of(
                  "To",
                  "+77010030005",
                  "From",
                  FROM,
                  "Body",
                  "x",
                  "StatusCallback",
                  receiver.url("/cb?token=a%2Fb&x=1")));

      // Then
      var sid = JSON.readTree(answer.body()).path("sid").asText();
      await().until(() -> receiver.received.size() == 2);
      assertThat(receiver.received)
          .extracting(p -> p.get("MessageStatus"))
          .containsExactly("sent", "undelivered");
      assertThat(receiver.received).allMatch(p -> sid.equals(p.get("MessageSid")));
      assertThat(receiver.received.getLast()).containsEntry("ErrorCode", "30005");
      assertThat(receiver.badSignatures).hasValue(0);
      await()
          .untilAsserted(() ->
              assertThat(fetch(sid).path("error_code").asInt())
                  .as("error code of the message")
                  .isEqualTo(30005));
    }
  }

  @Test
  void shouldRepeatACallbackThatIsRefused() throws Exception {
    // Given
    try (var receiver = new Receiver(2)) {
      // When
      post(
          Map.of(
              "To",
              "+77011234567",
              "From",
              FROM,
              "Body",
              "x",
              "StatusCallback",
              receiver.url("/cb")));

      // Then
      await().until(() -> receiver.received.size() == 4);
      assertThat(receiver.received)
          .extracting(p -> p.get("MessageStatus"))
          .containsExactly("sent", "sent", "sent", "delivered");
    }
  }

  @Test
  void shouldListByRecipientNewestFirstInPages() throws Exception {
    // Given
    for (int i = 0; i < 5; i++) {
      post(Map.of("To", "+77011234567", "From", FROM, "Body", "n" + i));
      post(Map.of("To", "+77019999999", "From", FROM, "Body", "other"));
    }

    // When
    var bodies = new ArrayList<String>();
    int pages = 0;
    var uri = MESSAGES + ".json?PageSize=2&To=" + encode("+77011234567");
    while (!uri.isEmpty()) {
      var page = get(uri);
      page.path("messages").forEach(m -> bodies.add(m.path("body").asText()));
      uri = page.path("next_page_uri").asText("").replace("null", "");
      pages++;
    }

    // Then
    assertThat(bodies).containsExactly("n4", "n3", "n2", "n1", "n0");
    assertThat(pages).isEqualTo(3);
  }

  @Test
  void shouldFilterByDateSent() throws Exception {
    // Given
    post(Map.of("To", "+77011234567", "From", FROM, "Body", "x"));

    // When, then
    assertThat(list(encode("DateSent>") + "=2020-01-01").path("messages")).hasSize(1);
    assertThat(list(encode("DateSent<") + "=2020-01-01").path("messages")).isEmpty();
    assertThat(list("DateSent=2020-01-01").path("messages")).isEmpty();
    assertThat(list(encode("DateSent>") + "=2020-01-01T00:00:00Z&From=Nobody").path("messages"))
        .isEmpty();
  }

  @Test
  void shouldTakeUpItsMessagesAfterARestartAndATornLine() throws Exception {
    // Given
    standIn.close();
    standIn = start(Duration.ofDays(1));
    var sid =
        JSON.readTree(post(Map.of("To", "+77011234567", "From", FROM, "Body", "x")).body())
            .path("sid")
            .asText();
    standIn.close();
    Files.writeString(
        folder.resolve("messages.jsonl"), "{\"event\":\"acc", StandardOpenOption.APPEND);

    // When
    standIn = start(Duration.ofMillis(5));

    // Then
    await().until(() -> fetch(sid).path("status").asText().equals("delivered"));
    assertThat(lines())
        .hasSize(4)
        .allSatisfy(line -> assertThat(JSON.readTree(line).path("sid").asText()).isEqualTo(sid));
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(folder.resolve("messages.jsonl"));
  }

  private HttpResponse<String> post(Map<String, String> form) throws Exception {
    var body =
        form.entrySet().stream()
            .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
            .collect(Collectors.joining("&"));
    return http.send(
        HttpRequest.newBuilder(URI.create(standIn.baseUrl() + MESSAGES + ".json"))
            .header("Authorization", basic(ACCOUNT + ":" + TOKEN))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode list(String query) throws Exception {
    return get(MESSAGES + ".json?" + query);
  }

  private JsonNode fetch(String sid) throws Exception {
    return get(MESSAGES + "/" + sid + ".json");
  }

  private JsonNode get(String pathAndQuery) throws Exception {
    var answer =
        http.send(
            HttpRequest.newBuilder(URI.create(standIn.baseUrl() + pathAndQuery))
                .header("Authorization", basic(ACCOUNT + ":" + TOKEN))
                .GET()
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static String basic(String credentials) {
    return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  /** Takes callbacks, checks their signature, and answers the first ones 503. */
  private static final class Receiver implements AutoCloseable {

    private final List<Map<String, String>> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger badSignatures = new AtomicInteger();
    private final AtomicInteger refusals;
    private final HttpServer server;

    Receiver(int refusals) throws IOException {
      this.refusals = new AtomicInteger(refusals);
      server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              var parameters = new TreeMap<String, String>();
              for (var pair :
                  new String(exchange.getRequestBody().readAllBytes(), UTF_8).split("&", -1)) {
                var parts = pair.split("=", 2);
                parameters.put(
                    URLDecoder.decode(parts[0], UTF_8), URLDecoder.decode(parts[1], UTF_8));
              }
              var signature = exchange.getRequestHeaders().getFirst("X-Twilio-Signature");
              if (!sign(url(exchange.getRequestURI().toString()), parameters).equals(signature)) {
                badSignatures.incrementAndGet();
              }
              received.add(parameters);
              boolean refuse = this.refusals.getAndDecrement() > 0;
              exchange.sendResponseHeaders(refuse ? 503 : 204, -1);
            }
          });
      server.start();
    }

    String url(String pathAndQuery) {
      return "http://127.0.0.1:" + server.getAddress().getPort() + pathAndQuery;
    }

    private static String sign(String url, SortedMap<String, String> parameters) {
      try {
        var mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(TOKEN.getBytes(UTF_8), "HmacSHA1"));
        mac.update(url.getBytes(UTF_8));
        parameters.forEach((name, value) -> mac.update((name + value).getBytes(UTF_8)));
        return Base64.getEncoder().encodeToString(mac.doFinal());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
