package io.tocsin.cli.demo;

import io.tocsin.avro.Channel;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.util.StreamProvider;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.eclipse.angus.mail.util.MailStreamProvider;
import org.jspecify.annotations.Nullable;

/** Reads what a mail sink kept: one {@code .eml} file for each message, in any subfolders. */
final class MailArrivals {

  private static final String ENVELOPE_RECIPIENT = "Delivered-To";

  static {
    // Jakarta Mail looks for this provider in every jar, for every part of every message, unless it
    // is named: four fifths of the time of reading a folder.
    System.setProperty(StreamProvider.class.getName(), MailStreamProvider.class.getName());
  }

  private final Session session = Session.getInstance(new Properties());

  /**
   * Every message of a folder; none if there is no such folder.
   *
   * @throws IOException if a file cannot be read or is no message; the message names the file
   */
  List<Arrival> read(Path mailDir) throws IOException {
    if (!Files.isDirectory(mailDir)) {
      return List.of();
    }
    List<Path> files;
    try (Stream<Path> found = Files.walk(mailDir)) {
      files = found.filter(file -> file.toString().endsWith(".eml")).sorted().toList();
    }
    try {
      return files.parallelStream().flatMap(this::readOne).toList();
    } catch (UnreadableMailException e) {
      throw new IOException(e.getMessage(), e.getCause());
    }
  }

  private Stream<Arrival> readOne(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      MimeMessage message = new MimeMessage(session, in);
      String text = plainText(message);
      String[] recipients = message.getHeader(ENVELOPE_RECIPIENT);
      if (recipients == null) {
        throw new UnreadableMailException(file, null);
      }
      var at = Files.getLastModifiedTime(file).toInstant();
      return Stream.of(recipients)
          .map(recipient -> Arrival.of(Channel.EMAIL, recipient.strip(), text, at));
    } catch (IOException | MessagingException e) {
      throw new UnreadableMailException(file, e);
    }
  }

  private static String plainText(Part part) throws MessagingException, IOException {
    if (part.isMimeType("text/plain")) {
      return String.valueOf(part.getContent());
    }
    if (part.getContent() instanceof Multipart parts) {
      for (int i = 0; i < parts.getCount(); i++) {
        BodyPart inner = parts.getBodyPart(i);
        String text = plainText(inner);
        if (!text.isEmpty()) {
          return text;
        }
      }
    }
    return "";
  }

  /** Carries the name of the file out of a stream. */
  private static final class UnreadableMailException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadableMailException(Path file, @Nullable Exception cause) {
      super("Not a message as the mail sink keeps it: " + file, cause);
    }
  }
}
