package io.tocsin.cli.imports;

import io.tocsin.cli.CommandException;
import io.tocsin.cli.ExitCodes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * A file of rows in UTF-8: CSV (RFC 4180) whose first line names its columns, or JSON lines when
 * its name ends in {@code .jsonl} or {@code .ndjson}. A row is one line: a value cannot hold a line
 * break, so a quote left open spoils its own line only.
 */
final class RowFile {

  private static final List<String> JSON_ENDINGS = List.of(".jsonl", ".ndjson");
  private static final int BUFFER = 1 << 16;
  private static final char REPLACEMENT = '\uFFFD';
  private static final char BYTE_ORDER_MARK = '\uFEFF';
  private static final int REPORT_EVERY = 256;

  /** Gets rows one by one. */
  interface Visitor {

    /** A row whose form is right. */
    void row(Fields fields);

    /** A line that is no row. */
    void broken(long line, String reason);
  }

  private final Path file;
  private final List<String> columns;
  private final boolean json;

  /**
   * Describes a file.
   *
   * @param columns the columns it may have, those it must have first
   */
  RowFile(Path file, List<String> columns) {
    this.file = file;
    this.columns = List.copyOf(columns);
    String name = file.toString().toLowerCase(Locale.ROOT);
    this.json = JSON_ENDINGS.stream().anyMatch(name::endsWith);
  }

  /** The file. */
  Path path() {
    return file;
  }

  /** Its size in bytes. */
  long size() {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * Reads every row.
   *
   * @param position gets the approximate number of bytes read, now and then
   * @throws CommandException if the file cannot be read or its first line does not name the columns
   */
  void read(Visitor visitor, LongConsumer position) {
    try (BufferedReader lines = open()) {
      long line = 0;
      long bytes = 0;
      Optional<CsvLine> csv = Optional.empty();
      for (String text = lines.readLine(); text != null; text = lines.readLine()) {
        line++;
        bytes += text.length() + 1L;
        if (line % REPORT_EVERY == 0) {
          position.accept(bytes);
        }
        String clean =
            line == 1 && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK
                ? text.substring(1)
                : text;
        if (!json && csv.isEmpty()) {
          csv = Optional.of(CsvLine.header(file, clean, columns));
        } else if (!clean.isBlank()) {
          visit(line, clean, csv, visitor);
        }
      }
      if (!json && csv.isEmpty()) {
        throw CommandException.usage(
            "The file " + file + " is empty; its first line must be " + String.join(",", columns));
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private void visit(long line, String text, Optional<CsvLine> csv, Visitor visitor) {
    if (text.indexOf(REPLACEMENT) >= 0) {
      visitor.broken(line, "not UTF-8");
      return;
    }
    Fields fields;
    try {
      fields =
          csv.isPresent()
              ? new Fields(line, csv.get().parse(text))
              : new Fields(line, JsonLine.parse(text, columns));
    } catch (InvalidRowException e) {
      visitor.broken(line, e.reason());
      return;
    }
    visitor.row(fields);
  }

  private BufferedReader open() throws IOException {
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    return new BufferedReader(new InputStreamReader(Files.newInputStream(file), decoder), BUFFER);
  }

  private CommandException unreadable(IOException cause) {
    return new CommandException(
        ExitCodes.USAGE,
        cause instanceof NoSuchFileException
            ? "There is no file " + file
            : "Cannot read the file " + file + " (" + cause.getClass().getSimpleName() + ")",
        cause);
  }
}
