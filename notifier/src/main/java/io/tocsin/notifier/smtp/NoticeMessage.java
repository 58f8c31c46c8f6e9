package io.tocsin.notifier.smtp;

import io.tocsin.avro.SendCommand;
import io.tocsin.notifier.text.RenderedEmail;
import io.tocsin.schemas.contact.EmailAddress;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.angus.mail.smtp.SMTPMessage;
import org.jspecify.annotations.Nullable;

/**
 * A notice as a message (RFC 5322): text and HTML of the same words, and a Message-ID made from the
 * delivery's id, so that a receiver can collapse a repeated attempt.
 *
 * <p>It is written here rather than by Angus, whose generic machinery of content handlers costs
 * more than sending does.
 */
final class NoticeMessage extends SMTPMessage {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final byte[] bytes;

  private NoticeMessage(Session session, byte[] bytes, String envelopeSender) {
    super(session);
    this.bytes = bytes;
    setEnvelopeFrom(envelopeSender);
  }

  /**
   * Writes a notice, and signs it if there is a signer.
   *
   * @throws IllegalArgumentException if a value cannot stand in a header
   */
  static NoticeMessage of(
      Session session,
      SmtpSettings settings,
      SendCommand command,
      EmailAddress to,
      RenderedEmail email,
      String envelopeSender,
      Optional<DkimSigner> signer,
      Instant now) {
    String id = MimeText.guard(command.getDeliveryId());
    String from = settings.from().value();
    // No line of text begins so, as the id is derived; no line of base64 can.
    String boundary = "=_tocsin_" + id;
    StringBuilder message = new StringBuilder(16 * 1024);
    header(message, "Date", DATE.format(now));
    header(
        message,
        "From",
        settings.fromName().isEmpty()
            ? from
            : MimeText.phrase(settings.fromName()) + "\r\n <" + from + ">");
    header(message, "To", to.value());
    header(message, "Subject", MimeText.unstructured(email.subject()));
    header(message, "Message-ID", "<" + id + from.substring(from.indexOf('@')) + ">");
    header(message, "Auto-Submitted", "auto-generated");
    header(message, "Content-Language", MimeText.guard(email.contentLanguage()));
    header(message, "X-Tocsin-Reference", MimeText.guard(command.getReference()));
    header(message, "MIME-Version", "1.0");
    header(message, "Content-Type", "multipart/alternative;\r\n boundary=\"" + boundary + '"');
    message.append("\r\n--").append(boundary).append("\r\n");
    message.append(MimeText.part("text/plain", email.text()));
    message.append("--").append(boundary).append("\r\n");
    message.append(MimeText.part("text/html", email.html()));
    message.append("--").append(boundary).append("--\r\n");
    signer.ifPresent(dkim -> message.insert(0, dkim.sign(message.toString(), now)));
    return new NoticeMessage(
        session, message.toString().getBytes(StandardCharsets.UTF_8), envelopeSender);
  }

  private static void header(StringBuilder message, String name, String value) {
    message.append(name).append(": ").append(value).append("\r\n");
  }

  static InternetAddress address(EmailAddress address) {
    InternetAddress wrapped = new InternetAddress();
    wrapped.setAddress(address.value());
    return wrapped;
  }

  /** What Angus asks for to send it; {@code ignored} names headers that this message never has. */
  @Override
  public void writeTo(OutputStream out, String @Nullable [] ignored) throws IOException {
    out.write(bytes);
  }
}
