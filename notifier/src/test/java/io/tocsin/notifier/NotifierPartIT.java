package io.tocsin.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.twilio.security.RequestValidator;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tocsin.avro.Channel;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.notifier.attempt.Reasons;
import io.tocsin.notifier.receipts.ReceiptTokens;
import io.tocsin.notifier.receipts.TwilioCallbacks;
import io.tocsin.notifier.run.KafkaFixture;
import io.tocsin.notifier.text.TextKeys;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.RegistryKeys;
import io.tocsin.schemas.config.TocsinConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotifierPartIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private final GreenMail mail =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
  private final List<String> posts = new CopyOnWriteArrayList<>();
  private final Map<String, HttpHandler> handlers = new ConcurrentHashMap<>();
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private volatile String refusedTo = "";
  private KafkaFixture kafka;
  private HttpServer twilio;

  @BeforeEach
  void start() throws Exception {
    kafka = new KafkaFixture(folder);
    mail.start();
    twilio = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    twilio.createContext(
        "/",
        exchange -> {
          String post =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          posts.add(post);
          boolean refused = !refusedTo.isEmpty() && post.contains("To=" + refusedTo);
          byte[] answer =
              (refused ? "{\"code\":21408,\"message\":\"not enabled\"}" : "{\"sid\":\"SM1\"}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(refused ? 400 : 201, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    twilio.start();
  }

  @AfterEach
  void stop() throws Exception {
    twilio.stop(0);
    mail.stop();
    kafka.close();
  }

  @Test
  void shouldTellAPersonByBothChannelsOnceItsTextsAreThere() {
    // Given
    try (NotifierPart part = part(Map.of())) {
      await().atMost(SOON).until(() -> part.unready().isEmpty());
      kafka.publish("u1", kafka.fixtures().command(Channel.EMAIL, "u1").build());
      await().atMost(SOON).until(() -> kafka.events().size() == 1);
      assertThat(kafka.events().getFirst().getReason()).contains(Reasons.UNKNOWN_TEMPLATE);

      // When
      kafka.publish(Fixtures.template());
      kafka.publish("u1", kafka.fixtures().command(Channel.EMAIL, "u1").setIssue(1).build());
      kafka.publish("u1", kafka.fixtures().command(Channel.SMS, "u1").build());
      await().atMost(SOON).until(() -> kafka.events().size() == 3);

      // Then
      assertThat(kafka.events().stream().filter(e -> e.getKind() == DeliveryEventKind.ACCEPTED))
          .extracting(DeliveryEvent::getProvider)
          .containsExactlyInAnyOrder("smtp", "twilio");
      assertThat(mail.getReceivedMessages()).hasSize(1);
      assertThat(posts).hasSize(1);
      assertThat(URLDecoder.decode(posts.getFirst(), StandardCharsets.UTF_8))
          .contains("StatusCallback=https://notices.example/receipts/twilio/");
      assertThat(handlers).containsOnlyKeys(TwilioCallbacks.PATH);
      assertThat(part.unhealthy()).isEmpty();
      assertThat(metrics.scrape())
          .contains("tocsin_notifier_outcomes_total")
          .contains("tocsin_notifier_channel_paused{channel=\"email\"} 0");
    }
  }

  @Test
  void shouldWriteAReceiptToThePersonsPartition() throws Exception {
    // Given
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    try (NotifierPart part = part(Map.of());
        HttpClient client = HttpClient.newHttpClient()) {
      handlers.forEach(server::createContext);
      server.start();
      await().atMost(SOON).until(() -> part.unready().isEmpty());
      String delivery = kafka.fixtures().command(Channel.SMS, "u1").getDeliveryId();
      String token = new ReceiptTokens(kafka.fixtures().keys().receiptPrf()).issue(2, delivery, 1);
      Map<String, String> form = Map.of("MessageStatus", "delivered");
      String path = TwilioCallbacks.PATH + token;

      // When
      int status =
          client
              .send(
                  HttpRequest.newBuilder(
                          URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path))
                      .header(
                          "X-Twilio-Signature", signature("https://notices.example" + path, form))
                      .POST(HttpRequest.BodyPublishers.ofString("MessageStatus=delivered"))
                      .build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode();

      // Then
      assertThat(status).isEqualTo(204);
      assertThat(kafka.events())
          .singleElement()
          .satisfies(event -> {
            assertThat(event.getKind()).isEqualTo(DeliveryEventKind.RECEIPT_DELIVERED);
            assertThat(event.getDeliveryId()).isEqualTo(delivery);
          });
    } finally {
      server.stop(0);
    }
  }

  @Test
  void shouldStartAndLoseNothingWhileTheSmtpServerIsDown() throws IOException {
    // Given
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    kafka.publish(Fixtures.template());
    try (NotifierPart part = part(Map.of("smtp.port", Integer.toString(port)))) {
      await().atMost(SOON).until(() -> part.unready().isEmpty());

      // When
      for (int i = 0; i < 30; i++) {
        kafka.publish("u" + i, kafka.fixtures().command(Channel.EMAIL, "u" + i).build());
      }
      await().atMost(SOON).until(() -> kafka.events().size() == 30);

      // Then
      assertThat(kafka.events())
          .extracting(DeliveryEvent::getKind)
          .containsOnly(DeliveryEventKind.NOT_STARTED, DeliveryEventKind.CHANNEL_FAULT);
      assertThat(kafka.events())
          .extracting(DeliveryEvent::getReason)
          .contains(Optional.of(Reasons.UNREACHABLE), Optional.of(Reasons.PAUSED));
      assertThat(part.unready()).isEmpty();
      assertThat(metrics.scrape()).contains("tocsin_notifier_channel_paused{channel=\"email\"} 1");
    }
  }

  @Test
  void shouldPauseTheCountryThatTwilioRefusesAndTellEverybodyElse() {
    // Given
    refusedTo = "%2B33";
    kafka.publish(Fixtures.template());
    try (NotifierPart part =
        part(Map.of("notifier.breaker.faults", "3", "notifier.sms.concurrency", "2"))) {
      await().atMost(SOON).until(() -> part.unready().isEmpty());

      // When
      for (int i = 0; i < 20; i++) {
        String there = "+3363998%04d".formatted(i);
        kafka.publish("f" + i, kafka.fixtures().command(Channel.SMS, "f" + i, there).build());
        kafka.publish("u" + i, kafka.fixtures().command(Channel.SMS, "u" + i).build());
      }
      await().atMost(SOON).until(() -> kafka.events().size() == 40);

      // Then
      Map<DeliveryEventKind, List<DeliveryEvent>> events =
          kafka.events().stream().collect(Collectors.groupingBy(DeliveryEvent::getKind));
      assertThat(events)
          .containsOnlyKeys(DeliveryEventKind.ACCEPTED, DeliveryEventKind.CHANNEL_FAULT);
      assertThat(events.get(DeliveryEventKind.ACCEPTED)).hasSize(20);
      assertThat(events.get(DeliveryEventKind.CHANNEL_FAULT))
          .filteredOn(event -> event.getRetryAfter().isPresent())
          .hasSizeBetween(16, 17)
          .extracting(DeliveryEvent::getReason)
          .containsOnly(Optional.of(Reasons.DESTINATION_PAUSED));
      // The three that paused it, and one that may have been under way.
      assertThat(posts.stream().filter(post -> post.contains("To=" + refusedTo)))
          .hasSizeBetween(3, 4);
      assertThat(metrics.scrape())
          .contains("tocsin_notifier_channel_paused{channel=\"sms\"} 0")
          .contains("tocsin_notifier_destinations_paused{channel=\"sms\"} 1");
    }
  }

  @Test
  void shouldRefuseSettingsThatDoNotGoTogether() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> part(Map.of("twilio.auth.token", "")))
        .withMessageContaining("twilio.auth.token");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> part(Map.of("twilio.messaging.service.sid", "MG1")))
        .withMessageContaining("twilio.from");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> part(Map.of("smtp.username", "me")))
        .withMessageContaining("smtp.password");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> part(Map.of("bounces.port", "2525")))
        .withMessageContaining("smtp.bounce.domain");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> part(Map.of("smtp.from", "nobody")))
        .withMessageContaining("smtp.from");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> part(Map.of("notifier.lease.ms", "60000")))
        .withMessageContaining("notifier.lease.ms");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> part(Map.of("twilio.base.url", "ftp://x")))
        .withMessageContaining("twilio.base.url");
  }

  private NotifierPart part(Map<String, String> options) {
    Map<String, String> settings =
        new HashMap<>(
            Map.ofEntries(
                Map.entry(
                    "kafka.bootstrap.servers",
                    String.valueOf(kafka.client().get("bootstrap.servers"))),
                Map.entry("schema.registry.url", "mock://" + folder.getFileName()),
                Map.entry("auto.register.schemas", "true"),
                Map.entry("topics.partitions.users", "4"),
                Map.entry("keys.dir", folder.resolve("keys").toString()),
                Map.entry("smtp.host", "127.0.0.1"),
                Map.entry("smtp.port", Integer.toString(mail.getSmtp().getPort())),
                Map.entry("smtp.from", "notices@sample.example"),
                Map.entry("twilio.account.sid", "AC1"),
                Map.entry("twilio.auth.token", "token"),
                Map.entry("twilio.from", "+15005550006"),
                Map.entry("twilio.base.url", "http://127.0.0.1:" + twilio.getAddress().getPort()),
                Map.entry("twilio.status.callback.url", "https://notices.example")));
    settings.putAll(options);
    ConfigDef definition =
        TextKeys.define(
            NotifierKeys.define(RegistryKeys.define(CommonKeys.define(new ConfigDef()))));
    return NotifierPart.start(
        TocsinConfig.load(definition, null, Map.of(), settings), metrics, handlers::put);
  }

  private static String signature(String url, Map<String, String> form) throws Exception {
    StringBuilder signed = new StringBuilder(url);
    form.forEach((name, value) -> signed.append(name).append(value));
    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec("token".getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
    String signature =
        Base64.getEncoder()
            .encodeToString(mac.doFinal(signed.toString().getBytes(StandardCharsets.UTF_8)));
    assertThat(new RequestValidator("token").validate(url, form, signature)).isTrue();
    return signature;
  }
}
