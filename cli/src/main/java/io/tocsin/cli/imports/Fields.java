package io.tocsin.cli.imports;

import java.util.List;
import java.util.Map;

/**
 * One row, its values by column; a column that is not there is empty. A list comes from JSON only;
 * in CSV it is one value.
 *
 * @param line the line it begins on, from 1
 */
record Fields(long line, Map<String, List<String>> values) {

  /** The value of a column, without blanks around it; empty if there is none. */
  String get(String column) throws InvalidRowException {
    List<String> found = values.getOrDefault(column, List.of());
    if (found.size() > 1) {
      throw new InvalidRowException(column + ": one value, not a list");
    }
    return found.isEmpty() ? "" : found.getFirst();
  }

  /** A value that must be there. */
  String required(String column) throws InvalidRowException {
    String value = get(column).strip();
    if (value.isEmpty()) {
      throw new InvalidRowException(column + ": missing");
    }
    return value;
  }

  /** The values of a list: those of a JSON array, or those between semicolons. */
  List<String> list(String column) {
    return values.getOrDefault(column, List.of()).stream()
        .flatMap(value -> List.of(value.split(";")).stream())
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .distinct()
        .toList();
  }
}
