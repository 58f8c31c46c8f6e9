package io.tocsin.notifier.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.tocsin.avro.Channel;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.avro.SendCommand;
import io.tocsin.notifier.Fixtures;
import io.tocsin.notifier.attempt.Outcome;
import io.tocsin.notifier.attempt.ProviderChannel.Prepared;
import io.tocsin.notifier.receipts.ReceiptTokens;
import io.tocsin.notifier.text.Recipient;
import io.tocsin.notifier.text.RenderedEmail;
import io.tocsin.schemas.contact.EmailAddress;
import jakarta.mail.BodyPart;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpContentTest {

  private static final Instant NOW = Instant.parse("2026-03-07T08:00:00Z");

  @TempDir private Path folder;
  private final GreenMail server =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
  private Fixtures fixtures;
  private SmtpChannel channel;

  @BeforeEach
  void start() {
    server.start();
    fixtures = new Fixtures(folder);
    channel =
        new SmtpChannel(
            new SmtpSettings(
                "127.0.0.1",
                server.getSmtp().getPort(),
                Optional.empty(),
                SmtpSettings.StartTls.OPTIONAL,
                Optional.empty(),
                EmailAddress.parse("notices@sample.example"),
                "Сервис \"Sample\"",
                "test.example",
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                1_000),
            new ReceiptTokens(fixtures.keys().receiptPrf()),
            InstantSource.fixed(NOW));
  }

  @AfterEach
  void stop() {
    channel.close();
    server.stop();
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "ru", "kk"})
  void shouldSendTheRenderedWordsAsTextAndHtml(String locale) throws Exception {
    // Given
    SendCommand command = fixtures.command(Channel.EMAIL, "u1").setLocale(locale).build();
    RenderedEmail words =
        Fixtures.renderer()
            .email(new Recipient(command.getReference(), locale, List.of("name", "email"), 1));

    // When
    Prepared prepared = prepare(command);
    Outcome outcome = prepared.send(Optional::empty);

    // Then
    assertThat(outcome.kind()).isEqualTo(DeliveryEventKind.ACCEPTED);
    assertThat(prepared.renderedHash()).isEqualTo(words.hash());
    MimeMessage message = received();
    assertThat(message.getSubject()).isEqualTo(words.subject());
    assertThat(((InternetAddress) message.getFrom()[0]).getAddress())
        .isEqualTo("notices@sample.example");
    assertThat(((InternetAddress) message.getFrom()[0]).getPersonal())
        .isEqualTo("Сервис \"Sample\"");
    assertThat(message.getAllRecipients())
        .containsExactly(new InternetAddress("u1@people.example"));
    assertThat(message.getMessageID())
        .isEqualTo("<" + command.getDeliveryId() + "@sample.example>");
    assertThat(message.getSentDate()).isEqualTo(Date.from(NOW));
    assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
    assertThat(message.getContentLanguage()).containsExactly(locale);
    assertThat(message.getHeader("X-Tocsin-Reference")).containsExactly(command.getReference());
    assertThat(message.getContentType()).startsWith("multipart/alternative");
    MimeMultipart parts = (MimeMultipart) message.getContent();
    assertThat(parts.getCount()).isEqualTo(2);
    assertThat(content(parts.getBodyPart(0), "text/plain")).isEqualTo(words.text());
    assertThat(content(parts.getBodyPart(1), "text/html")).isEqualTo(words.html());
  }

  @Test
  void shouldKeepTheMessageIdOverAttempts() throws Exception {
    // When
    prepare(fixtures.command(Channel.EMAIL, "u1").build()).send(Optional::empty);
    prepare(fixtures.command(Channel.EMAIL, "u1").setAttempt(2).build()).send(Optional::empty);

    // Then
    MimeMessage[] messages = server.getReceivedMessages();
    assertThat(messages).hasSize(2);
    assertThat(messages[0].getMessageID()).isEqualTo(messages[1].getMessageID());
  }

  @Test
  void shouldKeepEveryLineWithinWhatSmtpAllows() throws Exception {
    // When
    prepare(fixtures.command(Channel.EMAIL, "u1").setLocale("kk").build()).send(Optional::empty);

    // Then
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    received().writeTo(bytes);
    assertThat(bytes.toString(StandardCharsets.US_ASCII).lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(998));
    assertThat(bytes.toString(StandardCharsets.ISO_8859_1)).isASCII();
  }

  @Test
  void shouldLetNoLineBreakIntoAHeader() {
    // Given
    SendCommand command =
        fixtures
            .command(Channel.EMAIL, "u1")
            .setDeliveryId("x\r\nBcc: other@people.example")
            .build();

    // When, Then
    assertThatIllegalArgumentException().isThrownBy(() -> prepare(command));
  }

  private Prepared prepare(SendCommand command) {
    return channel.prepare(command, EmailAddress.parse("u1@people.example"), Fixtures.renderer());
  }

  private MimeMessage received() {
    assertThat(server.getReceivedMessages()).hasSize(1);
    return server.getReceivedMessages()[0];
  }

  private static String content(BodyPart part, String type) throws Exception {
    assertThat(part.getContentType()).startsWith(type + "; charset=UTF-8");
    return ((String) part.getContent()).replace("\r\n", "\n");
  }
}
