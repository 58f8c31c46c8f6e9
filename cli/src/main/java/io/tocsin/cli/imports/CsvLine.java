package io.tocsin.cli.imports;

import io.tocsin.cli.CommandException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Takes the lines of one CSV file apart. */
final class CsvLine {

  private final List<String> header;

  private CsvLine(List<String> header) {
    this.header = header;
  }

  /**
   * Reads the first line.
   *
   * @param columns the columns there may be, in any order
   * @throws CommandException if it names a column twice, an unknown one, or lacks one
   */
  static CsvLine header(Path file, String text, List<String> columns) {
    String expected = "; its first line must be " + String.join(",", columns);
    List<String> names;
    try {
      names = split(text).stream().map(String::strip).toList();
    } catch (InvalidRowException e) {
      throw CommandException.usage("The first line of " + file + ": " + e.reason() + expected);
    }
    for (String column : columns) {
      if (!names.contains(column)) {
        throw CommandException.usage("The file " + file + " has no column " + column + expected);
      }
    }
    if (names.size() != new HashSet<>(names).size() || names.size() != columns.size()) {
      throw CommandException.usage("The file " + file + " has a column too many" + expected);
    }
    return new CsvLine(names);
  }

  /** The values of a row by column. */
  Map<String, List<String>> parse(String text) throws InvalidRowException {
    List<String> values = split(text);
    if (values.size() != header.size()) {
      throw new InvalidRowException(
          "has " + values.size() + " columns instead of " + header.size());
    }
    Map<String, List<String>> fields = HashMap.newHashMap(header.size());
    for (int i = 0; i < values.size(); i++) {
      fields.put(header.get(i), List.of(values.get(i)));
    }
    return fields;
  }

  private static List<String> split(String text) throws InvalidRowException {
    if (text.indexOf('"') < 0) {
      return splitPlain(text);
    }
    try (CSVParser parser = CSVParser.parse(text, CSVFormat.RFC4180)) {
      List<CSVRecord> records = parser.getRecords();
      return records.isEmpty() ? List.of("") : records.getFirst().toList();
    } catch (IOException | UncheckedIOException e) {
      // The parser's own message may quote the row.
      throw new InvalidRowException(
          "a quotation mark is not closed or stands in the wrong place; a value cannot hold a line"
              + " break");
    }
  }

  private static List<String> splitPlain(String text) {
    List<String> values = new ArrayList<>(8);
    int from = 0;
    for (int comma = text.indexOf(','); comma >= 0; comma = text.indexOf(',', from)) {
      values.add(text.substring(from, comma));
      from = comma + 1;
    }
    values.add(text.substring(from));
    return values;
  }
}
