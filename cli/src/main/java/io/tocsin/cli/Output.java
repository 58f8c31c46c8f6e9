package io.tocsin.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a command prints on standard output: for people as a table, for programs as JSON, one value
 * a line. Both are made from the same maps, so that they cannot say different things.
 */
public final class Output {

  /** How to print. */
  public enum Format {
    /** For people. */
    TABLE,
    /** For programs: one JSON value a line. */
    JSON;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private static final String GAP = "  ";

  private final PrintWriter out;
  private final Format format;
  private final ObjectMapper json = new ObjectMapper();

  Output(PrintWriter out, Format format) {
    this.out = out;
    this.format = format;
  }

  /** How this prints. */
  public Format format() {
    return format;
  }

  /** Prints one thing with its properties, in the map's order: a line each, or one JSON object. */
  public void properties(Map<String, ?> properties) {
    if (format == Format.JSON) {
      json(properties);
      return;
    }
    int width = properties.keySet().stream().mapToInt(String::length).max().orElse(0);
    properties.forEach((name, value) -> out.println(pad(name, width) + GAP + cell(value)));
    out.flush();
  }

  /**
   * Prints several things of one kind: a table, or one JSON array.
   *
   * @param columns the names of the properties, in order
   * @param none what to tell people when there are none
   */
  public void rows(List<String> columns, List<? extends Map<String, ?>> rows, String none) {
    if (format == Format.JSON) {
      json(rows);
      return;
    }
    if (rows.isEmpty()) {
      out.println(none);
      out.flush();
      return;
    }
    int[] widths =
        columns.stream()
            .mapToInt(column ->
                rows.stream()
                    .mapToInt(row -> cell(row.get(column)).length())
                    .reduce(column.length(), Math::max))
            .toArray();
    out.println(line(columns, widths));
    for (Map<String, ?> row : rows) {
      out.println(line(columns.stream().map(column -> cell(row.get(column))).toList(), widths));
    }
    out.flush();
  }

  /** Prints a sentence for people; programs do not get it. */
  public void say(String sentence) {
    if (format == Format.TABLE) {
      out.println(sentence);
      out.flush();
    }
  }

  private void json(Object value) {
    try {
      out.println(json.writeValueAsString(value));
      out.flush();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot print as JSON", e);
    }
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      line.append(i == 0 ? "" : GAP).append(pad(cells.get(i), widths[i]));
    }
    return line.toString().stripTrailing();
  }

  private static String cell(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> entry.getKey() + "=" + cell(entry.getValue()))
              .collect(Collectors.joining(" "));
      case Collection<?> many -> many.stream().map(Output::cell).collect(Collectors.joining("; "));
      default -> value.toString();
    };
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
