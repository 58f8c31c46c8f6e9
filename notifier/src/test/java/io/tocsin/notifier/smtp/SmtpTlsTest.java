package io.tocsin.notifier.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tocsin.avro.Channel;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.notifier.Fixtures;
import io.tocsin.notifier.attempt.Outcome;
import io.tocsin.notifier.attempt.Reasons;
import io.tocsin.notifier.receipts.ReceiptTokens;
import io.tocsin.schemas.contact.EmailAddress;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

class SmtpTlsTest {

  @TempDir private static Path certificateFolder;
  private static TestCertificates certificates;
  private static SSLContext localhost;
  private static SSLContext stranger;

  @TempDir private Path folder;
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final List<String> logins = new CopyOnWriteArrayList<>();

  @SuppressWarnings("NullAway.Init") // every test starts one
  private SMTPServer server;

  @BeforeAll
  static void makeCertificates() throws Exception {
    certificates = new TestCertificates(certificateFolder);
    localhost = certificates.server("localhost");
    stranger = certificates.server("stranger.example");
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  @ParameterizedTest
  @ValueSource(strings = {"optional", "required"})
  void shouldSendToAServerWhoseCertificateIsTrusted(String startTls) {
    // Given
    start(localhost, false);

    // When
    Outcome outcome = send(Map.of(SmtpSettings.STARTTLS, startTls));

    // Then
    assertThat(outcome.kind()).isEqualTo(DeliveryEventKind.ACCEPTED);
    assertThat(received).containsExactly("u1@people.example");
  }

  @ParameterizedTest
  @ValueSource(strings = {"optional", "required"})
  void shouldSendNothingToAServerWithACertificateForAnotherName(String startTls) {
    // Given
    start(stranger, false);

    // When
    Outcome outcome = send(Map.of(SmtpSettings.STARTTLS, startTls));

    // Then
    assertThat(outcome.kind()).isEqualTo(DeliveryEventKind.CHANNEL_FAULT);
    assertThat(outcome.reason()).contains(Reasons.TLS);
    assertThat(received).isEmpty();
  }

  @Test
  void shouldSendNothingToAServerWhoseCertificateNobodyVouchesFor() {
    // Given
    start(localhost, false);

    // When
    Outcome outcome = send(Map.of(SmtpSettings.CA_FILE, ""));

    // Then
    assertThat(outcome.kind()).isEqualTo(DeliveryEventKind.CHANNEL_FAULT);
    assertThat(outcome.reason()).contains(Reasons.TLS);
    assertThat(received).isEmpty();
  }

  @Test
  void shouldLogInOverTls() {
    // Given
    start(localhost, true);

    // When
    Outcome outcome = send(Map.of(SmtpSettings.USERNAME, "tocsin", SmtpSettings.PASSWORD, "right"));

    // Then
    assertThat(outcome.kind()).isEqualTo(DeliveryEventKind.ACCEPTED);
    assertThat(logins).containsExactly("tocsin");
    assertThat(received).containsExactly("u1@people.example");
  }

  @Test
  void shouldBlameTheChannelForALoginThatIsRefusedOverTls() {
    // Given
    start(localhost, true);

    // When
    Outcome outcome = send(Map.of(SmtpSettings.USERNAME, "tocsin", SmtpSettings.PASSWORD, "wrong"));

    // Then
    assertThat(outcome.kind()).isEqualTo(DeliveryEventKind.CHANNEL_FAULT);
    assertThat(outcome.reason()).contains(Reasons.AUTHENTICATION);
    assertThat(outcome.code()).contains("535");
    assertThat(received).isEmpty();
  }

  @Test
  void shouldSendNobodysPasswordToAServerWithACertificateForAnotherName() {
    // Given
    start(stranger, true);

    // When
    Outcome outcome = send(Map.of(SmtpSettings.USERNAME, "tocsin", SmtpSettings.PASSWORD, "right"));

    // Then
    assertThat(outcome.reason()).contains(Reasons.TLS);
    assertThat(logins).isEmpty();
  }

  @Test
  void shouldNameTheKeyOfAFileWithoutCertificates() throws Exception {
    // Given
    start(localhost, false);
    Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing\n");

    // When, Then
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> TestSettings.of(Map.of(SmtpSettings.CA_FILE, empty.toString())))
        .withMessageContaining(SmtpSettings.CA_FILE);
  }

  private void start(SSLContext tls, boolean login) {
    SMTPServer.Builder builder =
        SMTPServer.port(0)
            .bindAddress(InetAddress.getLoopbackAddress())
            .enableTLS()
            .requireTLS()
            .startTlsSocketFactory(tls)
            .messageHandler((context, from, to, data) -> received.add(to));
    if (login) {
      builder
          .requireAuth()
          .authenticationHandlerFactory(
              new EasyAuthenticationHandlerFactory((user, password, context) -> {
                if (!password.equals("right")) {
                  throw new LoginFailedException();
                }
                logins.add(user);
              }));
    }
    server = builder.build();
    server.start();
  }

  private Outcome send(Map<String, String> options) {
    Map<String, String> all = new HashMap<>();
    all.put(SmtpSettings.HOST, "localhost");
    all.put(SmtpSettings.PORT, Integer.toString(server.getPortAllocated()));
    all.put(SmtpSettings.STARTTLS, "required");
    all.put(SmtpSettings.CA_FILE, certificates.authority().toString());
    all.putAll(options);
    Fixtures fixtures = new Fixtures(folder);
    try (SmtpChannel channel =
        new SmtpChannel(
            TestSettings.of(all),
            new ReceiptTokens(fixtures.keys().receiptPrf()),
            InstantSource.system())) {
      return channel
          .prepare(
              fixtures.command(Channel.EMAIL, "u1").build(),
              EmailAddress.parse("u1@people.example"),
              Fixtures.renderer())
          .send(Optional::empty);
    }
  }
}
