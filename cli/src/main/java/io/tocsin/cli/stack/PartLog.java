package io.tocsin.cli.stack;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The output of one part in {@code NAME.log}, appended over restarts. Past 16 MiB the file becomes
 * {@code NAME.log.1}, which replaces the one before: a part's logs never take more than twice that.
 */
final class PartLog {

  private static final long MAX_BYTES = 16L * 1024 * 1024;
  private static final int LAST_LINE_CHARS = 300;

  private final Path file;
  private final Path previous;
  private volatile String lastLine = "";

  PartLog(Path folder, String name) {
    this.file = folder.resolve(name + ".log");
    this.previous = folder.resolve(name + ".log.1");
  }

  Path file() {
    return file;
  }

  /** The last line that is not blank and not the inside of a stack trace, cut to 300 characters. */
  String lastLine() {
    return lastLine;
  }

  /** Copies until the part's output ends. */
  void copy(InputStream output) throws IOException {
    var buffer = new byte[8_192];
    int read = output.read(buffer);
    while (read >= 0) {
      long size = Files.exists(file) ? Files.size(file) : 0;
      try (var out = open()) {
        while (read >= 0 && size < MAX_BYTES) {
          out.write(buffer, 0, read);
          if (output.available() == 0) {
            out.flush();
          }
          size += read;
          note(buffer, read);
          read = output.read(buffer);
        }
      }
      if (size >= MAX_BYTES) {
        Files.move(file, previous, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private OutputStream open() throws IOException {
    return new BufferedOutputStream(
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  private void note(byte[] buffer, int length) {
    new String(buffer, 0, length, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.isBlank() && !Character.isWhitespace(line.charAt(0)))
        .reduce((first, second) -> second)
        .ifPresent(line -> lastLine = line.substring(0, Math.min(line.length(), LAST_LINE_CHARS)));
  }
}
