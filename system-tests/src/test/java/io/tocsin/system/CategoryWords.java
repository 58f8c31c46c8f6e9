package io.tocsin.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The plain names of the built-in catalogue's categories, and where a message lists them. */
final class CategoryWords {

  private final Map<String, Map<String, String>> names = new HashMap<>();

  CategoryWords() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(CategoryWords.class.getResourceAsStream("/catalogue.json"))) {
      JsonNode catalogue = Json.read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      for (JsonNode category : catalogue.required("categories")) {
        Map<String, String> byLocale = new HashMap<>();
        category
            .required("names")
            .properties()
            .forEach(name -> byLocale.put(name.getKey(), name.getValue().asText()));
        names.put(category.required("id").asText(), byLocale);
      }
    }
  }

  /** The names of some categories in a language, in their order. */
  List<String> names(List<String> categories, String locale) {
    return categories.stream()
        .map(id -> Objects.requireNonNull(Objects.requireNonNull(names.get(id), id).get(locale)))
        .toList();
  }

  /** The names, in a language, of all categories but some. */
  List<String> namesOfOthers(List<String> categories, String locale) {
    return names(names.keySet().stream().filter(id -> !categories.contains(id)).toList(), locale);
  }

  /** The first list of a message: what data was involved. */
  static List<String> firstList(String text) {
    List<String> items = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (line.startsWith("- ")) {
        items.add(line.substring(2).strip());
      } else if (!items.isEmpty() && !line.isBlank()) {
        break;
      }
    }
    return items;
  }
}
