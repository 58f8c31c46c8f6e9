package io.tocsin.system;

import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a folder of {@code .eml} files, one message each. */
final class Mailbox {

  /** What has the form of a reference: Crockford's base32, five and five. */
  static final Pattern REFERENCE =
      Pattern.compile("\\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}\\b");

  private final Path folder;

  Mailbox(Path folder) {
    this.folder = folder;
  }

  /** How many messages there are. */
  long count() throws IOException {
    return files().size();
  }

  /** Every message. */
  List<ReceivedMail> messages() throws IOException {
    return files().stream().map(Mailbox::read).toList();
  }

  /** The messages to one recipient. */
  List<ReceivedMail> to(String recipient) throws IOException {
    return messages().stream().filter(mail -> mail.recipient().equals(recipient)).toList();
  }

  /** Whole messages only: what is still coming in lies in a folder whose name begins with a dot. */
  private List<Path> files() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder, "[!.]*")) {
      for (Path each : folders) {
        try (DirectoryStream<Path> messages = Files.newDirectoryStream(each, "*.eml")) {
          messages.forEach(files::add);
        }
      }
    }
    files.sort(Comparator.naturalOrder());
    return files;
  }

  /** What a string shows that has the form of a reference. */
  static List<String> references(String text) {
    return REFERENCE.matcher(text).results().map(MatchResult::group).distinct().toList();
  }

  private static ReceivedMail read(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return read(new MimeMessage(Session.getInstance(new Properties()), in), null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MessagingException e) {
      throw new AssertionError("No well-formed message: " + file, e);
    }
  }

  /**
   * Reads a message; the recipient is the envelope's if it is given, else the Delivered-To
   * header's.
   */
  static ReceivedMail read(MimeMessage message, @Nullable String recipient)
      throws IOException, MessagingException {
    String text = part(message, "text/plain").orElse("");
    return new ReceivedMail(
        recipient == null ? header(message, "Delivered-To") : recipient,
        header(message, "Message-ID"),
        header(message, "Content-Language"),
        String.valueOf(message.getSubject()),
        text,
        part(message, "text/html").orElse(""),
        references(text),
        header(message, "Auto-Submitted"));
  }

  private static String header(MimeMessage message, String name) throws MessagingException {
    String[] values = message.getHeader(name);
    if (values == null || values.length != 1) {
      throw new AssertionError(
          "A message has " + (values == null ? 0 : values.length) + " headers " + name);
    }
    return values[0].strip();
  }

  private static Optional<String> part(Part part, String type)
      throws MessagingException, IOException {
    if (part.isMimeType(type)) {
      return Optional.of(String.valueOf(part.getContent()));
    }
    if (part.getContent() instanceof Multipart parts) {
      for (int i = 0; i < parts.getCount(); i++) {
        BodyPart inner = parts.getBodyPart(i);
        Optional<String> found = part(inner, type);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }
}
