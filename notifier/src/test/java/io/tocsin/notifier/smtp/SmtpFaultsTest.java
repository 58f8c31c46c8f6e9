package io.tocsin.notifier.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.avro.Channel;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.notifier.Fixtures;
import io.tocsin.notifier.attempt.Outcome;
import io.tocsin.notifier.attempt.ProviderChannel;
import io.tocsin.notifier.attempt.Reasons;
import io.tocsin.notifier.receipts.ReceiptTokens;
import io.tocsin.schemas.contact.EmailAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmtpFaultsTest {

  private static final String SECRET = "secret.person@people.example";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RCPT | 550 5.1.1 <{a}> no such user        | REJECTED_PERMANENT | 5.1.1",
        "RCPT | 550-5.1.1 no~550 5.1.1 such user     | REJECTED_PERMANENT | 5.1.1",
        "RCPT | 550 no such user                    | REJECTED_PERMANENT | 550",
        "RCPT | 553 5.1.3 bad address               | REJECTED_PERMANENT | 5.1.3",
        "RCPT | 550 5.2.1 disabled                  | REJECTED_PERMANENT | 5.2.1",
        "RCPT | 552 5.2.2 mailbox of {a} full       | REJECTED_TRANSIENT | 5.2.2",
        "RCPT | 450 4.2.0 greylisted                | REJECTED_TRANSIENT | 4.2.0",
        "RCPT | 451 try later                       | REJECTED_TRANSIENT | 451",
        "RCPT | 452 4.3.1 disk full                 | REJECTED_TRANSIENT | 4.3.1",
        "RCPT | 421 4.7.0 too many                  | REJECTED_TRANSIENT | 4.7.0",
        "RCPT | 554 5.7.1 {a} blocked, see policy   | CHANNEL_FAULT      | 5.7.1",
        "RCPT | 530 5.7.0 authenticate first        | CHANNEL_FAULT      | 5.7.0",
        "MAIL | 550 sender refused                  | CHANNEL_FAULT      | 550",
        "MAIL | 553 5.1.8 bad sender                | CHANNEL_FAULT      | 5.1.8",
        "MAIL | 451 4.3.0 later                     | REJECTED_TRANSIENT | 4.3.0",
        "DATA | 554 5.5.1 no valid recipients       | CHANNEL_FAULT      | 5.5.1",
        "DATA | 451 4.3.0 later                     | REJECTED_TRANSIENT | 4.3.0",
        ".    | 550 5.1.1 no {a} here               | REJECTED_PERMANENT | 5.1.1",
        ".    | 552 5.2.2 full                      | REJECTED_TRANSIENT | 5.2.2",
        ".    | 452 4.3.1 disk full                 | REJECTED_TRANSIENT | 4.3.1",
        ".    | 550 5.7.1 spam                      | CHANNEL_FAULT      | 5.7.1",
        ".    | 554 5.6.0 bad content               | CHANNEL_FAULT      | 5.6.0",
        ".    | 421 4.3.2 shutting down             | REJECTED_TRANSIENT | 4.3.2",
      })
  void shouldClassifyARefusalByItsCodesAndKeepItsWordsBack(
      String at, String reply, DeliveryEventKind kind, String code) throws IOException {
    // Given
    String answer = reply.replace("{a}", SECRET).replace("~", "\r\n");
    try (ScriptedSmtpServer server =
            new ScriptedSmtpServer(line -> line.startsWith(at) ? answer : null);
        SmtpChannel channel = channel(server.port(), Map.of())) {
      // When
      Outcome outcome = send(channel);

      // Then
      assertThat(outcome.kind()).isEqualTo(kind);
      assertThat(outcome.code()).contains(code);
      assertThat(outcome.toString()).doesNotContain("people.example");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "MAIL, REJECTED_TRANSIENT",
    "RCPT, REJECTED_TRANSIENT",
    "DATA, REJECTED_TRANSIENT",
    "., UNKNOWN",
  })
  void shouldTellABreakBeforeTheFinalDotFromOneAfter(String at, DeliveryEventKind kind)
      throws IOException {
    for (String fault : new String[] {ScriptedSmtpServer.HANG_UP, ScriptedSmtpServer.SILENCE}) {
      // Given
      AtomicInteger dots = new AtomicInteger();
      try (ScriptedSmtpServer server =
              new ScriptedSmtpServer(line -> {
                if (line.equals(".")) {
                  dots.incrementAndGet();
                }
                return line.startsWith(at) ? fault : null;
              });
          SmtpChannel channel = channel(server.port(), Map.of("read", 300))) {
        // When
        Outcome outcome = send(channel);

        // Then
        assertThat(outcome.kind()).as(fault).isEqualTo(kind);
        assertThat(dots.get()).as(fault).isEqualTo(kind == DeliveryEventKind.UNKNOWN ? 1 : 0);
        assertThat(server.connections()).as(fault).isEqualTo(1);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "<greeting>, NOT_STARTED",
    "EHLO, NOT_STARTED",
    "MAIL, REJECTED_TRANSIENT",
    "RCPT, REJECTED_TRANSIENT",
    "DATA, REJECTED_TRANSIENT",
    "., UNKNOWN",
  })
  @Timeout(10)
  void shouldCutOffAServerThatAnswersAnOctetAtATime(String at, DeliveryEventKind kind)
      throws IOException {
    // Given
    try (ScriptedSmtpServer server =
            new ScriptedSmtpServer(line -> line.startsWith(at) ? ScriptedSmtpServer.DRIP : null);
        SmtpChannel channel = channel(server.port(), Map.of("read", 60_000, "call", 500))) {
      // When
      Outcome outcome = send(channel);

      // Then
      assertThat(outcome.kind()).isEqualTo(kind);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void shouldUseNoConnectionAgainThatWasCutOff() throws IOException {
    // Given
    AtomicInteger dots = new AtomicInteger();
    try (ScriptedSmtpServer server =
            new ScriptedSmtpServer(line ->
                line.equals(".") && dots.incrementAndGet() == 2 ? ScriptedSmtpServer.DRIP : null);
        SmtpChannel channel = channel(server.port(), Map.of("call", 500))) {
      // When
      List<DeliveryEventKind> kinds =
          List.of(send(channel).kind(), send(channel).kind(), send(channel).kind());

      // Then
      assertThat(kinds)
          .containsExactly(
              DeliveryEventKind.ACCEPTED, DeliveryEventKind.UNKNOWN, DeliveryEventKind.ACCEPTED);
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void shouldCallAnAnswerThatIsCutOffUnknown() throws IOException {
    // Given
    try (ScriptedSmtpServer server =
            new ScriptedSmtpServer(line -> line.equals(".") ? "garbage" : null);
        SmtpChannel channel = channel(server.port(), Map.of("read", 300))) {
      // When, Then
      assertThat(send(channel).kind()).isEqualTo(DeliveryEventKind.UNKNOWN);
    }
  }

  @Test
  void shouldReportWhatTheServerCallsAnAcceptedMessage() throws IOException {
    // Given
    try (ScriptedSmtpServer server = new ScriptedSmtpServer(line -> null);
        SmtpChannel channel = channel(server.port(), Map.of())) {
      // When
      Outcome outcome = send(channel);

      // Then
      assertThat(outcome.kind()).isEqualTo(DeliveryEventKind.ACCEPTED);
      assertThat(outcome.providerId()).contains("ABC123");
      assertThat(outcome.code()).contains("2.0.0");
    }
  }

  @Test
  void shouldUseAConnectionAgain() throws IOException {
    // Given
    try (ScriptedSmtpServer server = new ScriptedSmtpServer(line -> null);
        SmtpChannel channel = channel(server.port(), Map.of())) {
      // When
      for (int i = 0; i < 5; i++) {
        assertThat(send(channel).kind()).isEqualTo(DeliveryEventKind.ACCEPTED);
      }

      // Then
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void shouldUseAConnectionAgainAfterARefusal() throws IOException {
    // Given
    AtomicInteger recipients = new AtomicInteger();
    try (ScriptedSmtpServer server =
            new ScriptedSmtpServer(line ->
                line.startsWith("RCPT") && recipients.getAndIncrement() == 0
                    ? "550 5.1.1 no"
                    : null);
        SmtpChannel channel = channel(server.port(), Map.of())) {
      // When
      Outcome refused = send(channel);
      Outcome accepted = send(channel);

      // Then
      assertThat(refused.kind()).isEqualTo(DeliveryEventKind.REJECTED_PERMANENT);
      assertThat(accepted.kind()).isEqualTo(DeliveryEventKind.ACCEPTED);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void shouldTakeANewConnectionWhenAnIdleOneWasClosed() throws IOException {
    // Given
    try (ScriptedSmtpServer server = new ScriptedSmtpServer(line -> null);
        SmtpChannel channel = channel(server.port(), Map.of())) {
      send(channel);
      server.hangUp();

      // When
      Outcome outcome = send(channel);

      // Then
      assertThat(outcome.kind()).isEqualTo(DeliveryEventKind.ACCEPTED);
      assertThat(server.lines().stream().filter("."::equals)).hasSize(2);
    }
  }

  @Test
  void shouldTakeANewConnectionWhenAnIdleOneSaysGoodbye() throws IOException {
    // Given
    AtomicInteger senders = new AtomicInteger();
    try (ScriptedSmtpServer server =
            new ScriptedSmtpServer(line ->
                line.startsWith("MAIL") && senders.incrementAndGet() == 2
                    ? "421 4.4.2 idle"
                    : null);
        SmtpChannel channel = channel(server.port(), Map.of())) {
      send(channel);

      // When, Then
      assertThat(send(channel).kind()).isEqualTo(DeliveryEventKind.ACCEPTED);
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void shouldNotStartWhenNobodyListens() throws IOException {
    // Given
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    try (SmtpChannel channel = channel(port, Map.of())) {
      // When
      Outcome outcome = send(channel);

      // Then
      assertThat(outcome.kind()).isEqualTo(DeliveryEventKind.NOT_STARTED);
      assertThat(outcome.reason()).contains(Reasons.UNREACHABLE);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "421 4.3.2 busy    | NOT_STARTED   | unreachable",
        "554 5.7.1 blocked | CHANNEL_FAULT | refused",
        "SILENCE           | NOT_STARTED   | unreachable",
        "HANG_UP           | NOT_STARTED   | unreachable",
      })
  void shouldBurnNobodysAttemptOnABadGreeting(
      String greeting, DeliveryEventKind kind, String reason) throws IOException {
    // Given
    try (ScriptedSmtpServer server =
            new ScriptedSmtpServer(line -> line.equals("<greeting>") ? greeting : null);
        SmtpChannel channel = channel(server.port(), Map.of("read", 300))) {
      // When
      Outcome outcome = send(channel);

      // Then
      assertThat(outcome.kind()).isEqualTo(kind);
      assertThat(outcome.reason()).contains(reason);
    }
  }

  @Test
  void shouldBlameTheChannelForRefusedCredentials() throws IOException {
    // Given
    Function<String, String> script =
        line -> {
          if (line.startsWith("EHLO")) {
            return "250-scripted\r\n250 AUTH PLAIN";
          }
          return line.startsWith("AUTH") ? "535 5.7.8 bad credentials" : null;
        };
    try (ScriptedSmtpServer server = new ScriptedSmtpServer(script);
        SmtpChannel channel = channel(server.port(), Map.of("login", "yes"))) {
      // When
      Outcome outcome = send(channel);

      // Then
      assertThat(outcome.kind()).isEqualTo(DeliveryEventKind.CHANNEL_FAULT);
      assertThat(outcome.reason()).contains(Reasons.AUTHENTICATION);
      assertThat(server.lines()).noneMatch(line -> line.startsWith("MAIL"));
    }
  }

  @Test
  void shouldSendNothingToAServerWithoutStartTlsWhenItIsRequired() throws IOException {
    // Given
    try (ScriptedSmtpServer server = new ScriptedSmtpServer(line -> null);
        SmtpChannel channel = channel(server.port(), Map.of("tls", "required"))) {
      // When
      Outcome outcome = send(channel);

      // Then
      assertThat(outcome.kind()).isEqualTo(DeliveryEventKind.CHANNEL_FAULT);
      assertThat(outcome.reason()).contains(Reasons.TLS);
    }
  }

  @Test
  void shouldSendNothingOverBrokenTls() throws IOException {
    // Given
    Function<String, String> script =
        line -> line.startsWith("EHLO") ? "250-scripted\r\n250 STARTTLS" : null;
    try (ScriptedSmtpServer server = new ScriptedSmtpServer(script);
        SmtpChannel channel = channel(server.port(), Map.of("read", 500))) {
      // When
      Outcome outcome = send(channel);

      // Then
      assertThat(outcome.blamesChannel()).isTrue();
      assertThat(server.lines()).noneMatch(line -> line.startsWith("MAIL"));
    }
  }

  @Test
  void shouldAskTheGateOnceConnectedAndSendNothingIfItIsShut() throws IOException {
    // Given
    try (ScriptedSmtpServer server = new ScriptedSmtpServer(line -> null);
        SmtpChannel channel = channel(server.port(), Map.of())) {
      // When
      Outcome outcome =
          prepared(channel, SECRET).send(() -> Optional.of(Outcome.notStarted(Reasons.LEASE)));

      // Then
      assertThat(outcome.reason()).contains(Reasons.LEASE);
      assertThat(server.lines()).contains("<greeting>").noneMatch(line -> line.startsWith("MAIL"));
    }
  }

  @Test
  void shouldRefuseAnInternationalAddressThatTheServerCannotTake() throws IOException {
    // Given
    try (ScriptedSmtpServer server = new ScriptedSmtpServer(line -> null);
        SmtpChannel channel = channel(server.port(), Map.of())) {
      // When
      Outcome outcome = prepared(channel, "почта@people.example").send(Optional::empty);

      // Then
      assertThat(outcome.kind()).isEqualTo(DeliveryEventKind.REJECTED_PERMANENT);
      assertThat(outcome.reason()).contains(Reasons.NO_SMTPUTF8);
    }
  }

  @Test
  void shouldSendToAnInternationalAddressWhereTheServerOffersIt() throws IOException {
    // Given
    try (ScriptedSmtpServer server =
            new ScriptedSmtpServer(
                line -> line.startsWith("EHLO") ? "250-scripted\r\n250 SMTPUTF8" : null);
        SmtpChannel channel = channel(server.port(), Map.of())) {
      // When
      Outcome outcome = prepared(channel, "почта@people.example").send(Optional::empty);
      Outcome plain = send(channel);

      // Then
      assertThat(outcome.kind()).isEqualTo(DeliveryEventKind.ACCEPTED);
      assertThat(plain.kind()).isEqualTo(DeliveryEventKind.ACCEPTED);
      assertThat(server.lines())
          .anyMatch(line -> line.contains("почта@people.example"))
          .filteredOn(line -> line.startsWith("MAIL"))
          .satisfiesExactly(
              line -> assertThat(line).contains("SMTPUTF8"),
              line -> assertThat(line).doesNotContain("SMTPUTF8"));
    }
  }

  @Test
  void shouldSendFromATokenWhenABounceDomainIsConfigured() throws IOException {
    // Given
    try (ScriptedSmtpServer server =
            new ScriptedSmtpServer(
                line -> line.startsWith("EHLO") ? "250-scripted\r\n250 DSN" : null);
        SmtpChannel channel = channel(server.port(), Map.of("bounce", "bounces.example"))) {
      // When
      send(channel);

      // Then
      assertThat(server.lines())
          .anyMatch(line ->
              line.matches(
                  "MAIL FROM:<[a-z2-7]{48}@bounces\\.example> RET=HDRS ENVID=[a-z2-7]{48}"))
          .anyMatch(line -> line.endsWith("NOTIFY=FAILURE"));
    }
  }

  private Outcome send(SmtpChannel channel) {
    return prepared(channel, SECRET).send(Optional::empty);
  }

  private ProviderChannel.Prepared prepared(SmtpChannel channel, String address) {
    return channel.prepare(
        new Fixtures(folder).command(Channel.EMAIL, "u1").build(),
        EmailAddress.parse(address),
        Fixtures.renderer());
  }

  private SmtpChannel channel(int port, Map<String, Object> options) {
    return new SmtpChannel(
        new SmtpSettings(
            "127.0.0.1",
            port,
            options.containsKey("login")
                ? Optional.of(new SmtpSettings.Login("user", "password"))
                : Optional.empty(),
            options.containsKey("tls")
                ? SmtpSettings.StartTls.REQUIRED
                : SmtpSettings.StartTls.OPTIONAL,
            Optional.empty(),
            EmailAddress.parse("notices@sample.example"),
            "Sample",
            "test.example",
            Optional.ofNullable((String) options.get("bounce")),
            Optional.empty(),
            Duration.ofSeconds(2),
            Duration.ofMillis((Integer) options.getOrDefault("read", 5_000)),
            Duration.ofMillis((Integer) options.getOrDefault("call", 10_000)),
            Duration.ofSeconds(20),
            1_000),
        new ReceiptTokens(new Fixtures(folder).keys().receiptPrf()),
        InstantSource.system());
  }
}
