package io.tocsin.cli.stack;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A folder of received messages, one {@code .eml} file each, in a subfolder per minute (UTC) so
 * that a million of them stay easy to list. File names sort by the time of arrival.
 *
 * <p>A file appears whole or not at all: it is written under {@code .incoming} and renamed. What a
 * kill leaves there was never acknowledged.
 */
final class MailFolder {

  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final byte[] CRLF = {'\r', '\n'};

  private final Path root;
  private final Path incoming;
  private final Clock clock;
  private final AtomicLong sequence = new AtomicLong();
  private final Set<Path> created = ConcurrentHashMap.newKeySet();

  /**
   * Opens the folder, creating it if it is missing and clearing what a kill left half-written.
   *
   * @throws IOException if it cannot be written
   */
  MailFolder(Path root, Clock clock) throws IOException {
    this.root = root;
    this.clock = clock;
    this.incoming = Files.createDirectories(root.resolve(".incoming"));
    try (var leftovers = Files.newDirectoryStream(incoming)) {
      for (var leftover : leftovers) {
        Files.delete(leftover);
      }
    }
  }

  /**
   * Keeps one message; when this returns, the file is there and survives a kill of the process.
   *
   * <p>The envelope goes on top as RFC 5321 wants it of the final server: {@code Return-Path}, then
   * {@code Delivered-To} once per recipient.
   *
   * @return the file
   * @throws IOException if it cannot be written; then nothing is kept
   */
  Path keep(String sender, List<String> recipients, byte[] message) throws IOException {
    var now = clock.instant();
    var name = "%013d-%09d.eml".formatted(now.toEpochMilli(), sequence.incrementAndGet());
    var part = incoming.resolve(name);
    try (var out = Files.newOutputStream(part)) {
      header(out, "Return-Path", "<" + sender + ">");
      for (var recipient : recipients) {
        header(out, "Delivered-To", recipient);
      }
      out.write(message);
    }
    return Files.move(part, minuteFolder(now).resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void header(OutputStream out, String name, String value) throws IOException {
    out.write((name + ": " + value).getBytes(StandardCharsets.UTF_8));
    out.write(CRLF);
  }

  private Path minuteFolder(Instant now) throws IOException {
    var folder = root.resolve(MINUTE.format(now));
    if (!created.contains(folder)) {
      Files.createDirectories(folder);
      created.add(folder);
    }
    return folder;
  }
}
