package io.tocsin.notifier.bounces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tocsin.avro.Channel;
import io.tocsin.avro.DeadLetter;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.notifier.Fixtures;
import io.tocsin.notifier.receipts.ReceiptTokens;
import io.tocsin.schemas.deadletter.DeadLetters;
import io.tocsin.schemas.id.NoticeIds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BounceServerTest {

  private static final String NOTICE = NoticeIds.noticeId("INC-1", "u1", 1);
  private static final String DELIVERY = NoticeIds.deliveryId(NOTICE, Channel.EMAIL);
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private final List<Map.Entry<Integer, DeliveryEvent>> written = new CopyOnWriteArrayList<>();
  private final List<DeadLetter> setAside = new CopyOnWriteArrayList<>();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private CompletionStage<?> acknowledgement = CompletableFuture.completedFuture(null);
  private Fixtures fixtures;
  private ReceiptTokens tokens;
  private BounceServer server;

  @BeforeEach
  void start() {
    fixtures = new Fixtures(folder);
    tokens = new ReceiptTokens(fixtures.keys().receiptPrf());
    server = server(0);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postfix-unknown-user",
        "exim-unknown-user",
        "opensmtpd-refused-elsewhere",
        "bad-unknown-charset"
      })
  void shouldWriteABounceToTheTokensPartition(String name) throws IOException {
    // When
    String answer = mail(token(), Samples.message(name, token()));

    // Then
    assertThat(answer).startsWith("250 ");
    assertThat(written).hasSize(1);
    assertThat(written.getFirst().getKey()).isEqualTo(3);
    DeliveryEvent event = written.getFirst().getValue();
    assertThat(event.getKind()).isEqualTo(DeliveryEventKind.RECEIPT_BOUNCED);
    assertThat(event.getDeliveryId()).isEqualTo(DELIVERY);
    assertThat(event.getChannel()).isEqualTo(Channel.EMAIL);
    assertThat(event.getAttempt()).isEqualTo(2);
    assertThat(event.getIssue()).isEqualTo(-1);
    assertThat(event.getProviderCode())
        .hasValueSatisfying(code -> assertThat(code).matches("5(\\.[0-9]){2}"));
    assertThat(event.toString()).doesNotContain("@", "example");
    assertThat(count("bounced")).isEqualTo(1);
  }

  @Test
  void shouldReadATokenInWhateverCaseItComesBack() throws IOException {
    assertThat(mail(token().toUpperCase(Locale.ROOT), Samples.message("postfix-unknown-user")))
        .startsWith("250 ");
    assertThat(written).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"postfix-delayed", "postfix-relayed", "bad-automatic-reply"})
  void shouldOnlyCountWhatDecidesNothing(String name) throws IOException {
    assertThat(mail(token(), Samples.message(name, token()))).startsWith("250 ");
    assertThat(written).isEmpty();
    assertThat(setAside).isEmpty();
    assertThat(count("undecided") + count("other")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bad-truncated", "bad-unknown-action"})
  void shouldSetAsideAReportThatItCannotRead(String name) throws IOException {
    assertThat(mail(token(), Samples.message(name, token()))).startsWith("250 ");
    assertThat(written).isEmpty();
    assertThat(setAside).hasSize(1);
    assertThat(setAside.getFirst().toString()).doesNotContain("people.example");
    assertThat(count("unreadable")).isEqualTo(1);
  }

  @Test
  void shouldTakeARepetition() throws IOException {
    byte[] message = Samples.message("postfix-unknown-user", token());
    assertThat(mail(token(), message)).startsWith("250 ");
    assertThat(mail(token(), message)).startsWith("250 ");
    assertThat(written).hasSize(2);
  }

  @Test
  void shouldRefuseAForgedToken() throws IOException {
    // Given
    String token = token();
    byte[] message = Samples.message("postfix-unknown-user", token);
    String forged = (token.charAt(0) == 'a' ? 'b' : 'a') + token.substring(1);
    String sms = tokens.issue(3, NoticeIds.deliveryId(NOTICE, Channel.SMS), 2);

    // When, Then
    for (String recipient :
        List.of(
            forged + "@bounces.example.net",
            sms + "@bounces.example.net",
            token + "@elsewhere.example",
            "postmaster@bounces.example.net",
            token)) {
      try (SmtpClient client = new SmtpClient(server.port())) {
        assertThat(client.mail("", recipient, message)).startsWith("550 5.1.1");
      }
    }
    assertThat(written).isEmpty();
    assertThat(count("refused")).isEqualTo(5);
  }

  @Test
  void shouldAskForAnotherTryWhenKafkaDoesNotTakeIt() throws IOException {
    // Given
    acknowledgement = CompletableFuture.failedFuture(new IllegalStateException("no"));

    // When, Then
    assertThat(mail(token(), Samples.message("postfix-unknown-user", token()))).startsWith("451 ");
    assertThat(mail(token(), Samples.message("bad-truncated", token()))).startsWith("451 ");
    acknowledgement = new CompletableFuture<>();
    assertThat(mail(token(), Samples.message("postfix-unknown-user", token()))).startsWith("451 ");
    assertThat(count("failed")).isEqualTo(3);
  }

  @Test
  void shouldRefuseALongMessage() throws IOException {
    // Given
    byte[] line = ("x".repeat(98) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] message = new byte[100 * line.length * 10];
    for (int i = 0; i < message.length; i++) {
      message[i] = line[i % line.length];
    }

    // When, Then
    assertThat(mail(token(), message)).startsWith("552 5.3.4");
    assertThat(written).isEmpty();
    assertThat(count("oversized")).isEqualTo(1);
  }

  @Test
  void shouldHaveNoMoreConnectionsThanAllowed() throws IOException {
    List<SmtpClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        clients.add(new SmtpClient(server.port()));
        assertThat(clients.getLast().answer()).startsWith("220 ");
      }
      clients.add(new SmtpClient(server.port()));
      assertThat(clients.getLast().answer()).startsWith("421 ");
    } finally {
      for (SmtpClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void shouldGoOnAfterWhateverItIsSent() throws IOException {
    // When
    for (String nonsense :
        List.of(
            "MAIL FROM:<> SIZE=99999999999999999999",
            "BDAT 1\r\nx\r\nEHLO a",
            "RCPT TO:<<<<",
            "\u0000",
            "x".repeat(5_000))) {
      try (SmtpClient client = new SmtpClient(server.port())) {
        client.answer();
        client.send((nonsense + "\r\n").getBytes(StandardCharsets.UTF_8));
        assertThat(client.answer()).matches("[45][0-9]{2} .*");
      }
    }

    // Then
    assertThat(mail(token(), Samples.message("postfix-unknown-user", token()))).startsWith("250 ");
  }

  @Test
  void shouldSayThatItsPortIsTakenAndHaveItOnceItIsFree() throws IOException {
    // Given
    ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    try (BounceServer late = server(other.getLocalPort())) {
      assertThat(late.unready())
          .hasValueSatisfying(why ->
              assertThat(why).contains("cannot listen on 127.0.0.1:" + other.getLocalPort()));

      // When
      other.close();

      // Then
      await().atMost(SOON).until(() -> late.unready().isEmpty());
      try (SmtpClient client = new SmtpClient(late.port())) {
        assertThat(client.answer()).startsWith("220 ");
      }
    } finally {
      other.close();
    }
  }

  private BounceServer server(int port) {
    return BounceServer.start(
        new BounceSettings(
            InetAddress.getLoopbackAddress(),
            port,
            "bounces.example.net",
            64 * 1024,
            4,
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(1)),
        tokens,
        new Bounces(
            (partition, event) -> {
              written.add(Map.entry(partition, event));
              return acknowledgement;
            },
            (key, letter) -> {
              setAside.add(letter);
              return acknowledgement;
            },
            new DeadLetters(fixtures.keys().deadLetterSealer(), "notifier", Clock.systemUTC()),
            Duration.ofSeconds(1),
            Clock.systemUTC(),
            metrics));
  }

  private String mail(String token, byte[] message) throws IOException {
    try (SmtpClient client = new SmtpClient(server.port())) {
      return client.mail("", token + "@bounces.example.net", message);
    }
  }

  private String token() {
    return tokens.issue(3, DELIVERY, 2);
  }

  private double count(String result) {
    return metrics.counter("tocsin.notifier.bounces", "result", result).count();
  }
}
