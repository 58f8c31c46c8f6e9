package io.tocsin.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.tocsin.cli.CommandException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One object of a JSON document, read strictly: a property nobody knows is an error, and every
 * error names the path of what is wrong.
 */
final class JsonReader {

  private final JsonNode node;
  private final String path;

  private JsonReader(JsonNode node, String path) {
    this.node = node;
    this.path = path;
  }

  /** The object at a path, with no other properties than these. */
  static JsonReader of(JsonNode node, String path, Set<String> properties) {
    if (!node.isObject()) {
      throw wrong(path.isEmpty() ? "the document" : path, "must be a JSON object");
    }
    node.fieldNames()
        .forEachRemaining(name -> {
          if (!properties.contains(name)) {
            throw wrong(
                at(path, name),
                "is unknown; known are " + String.join(", ", new TreeSet<>(properties)));
          }
        });
    return new JsonReader(node, path);
  }

  /** A text that must be there. */
  String text(String name) {
    String text = optionalText(name);
    if (text == null || text.isBlank()) {
      throw wrong(at(path, name), "is missing");
    }
    return text;
  }

  /** A text that may be missing or null. */
  @Nullable String optionalText(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isTextual()) {
      throw wrong(at(path, name), "must be a text");
    }
    return value.textValue();
  }

  /** A whole number that must be there. */
  int integer(String name) {
    Long number = optionalNumber(name);
    if (number == null) {
      throw wrong(at(path, name), "is missing");
    }
    if (number < Integer.MIN_VALUE || number > Integer.MAX_VALUE) {
      throw wrong(at(path, name), "is too large");
    }
    return number.intValue();
  }

  /** A whole number that may be missing or null. */
  @Nullable Long optionalNumber(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrong(at(path, name), "must be a whole number");
    }
    return value.longValue();
  }

  /** A yes or no that may be missing or null. */
  @Nullable Boolean optionalFlag(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isBoolean()) {
      throw wrong(at(path, name), "must be true or false");
    }
    return value.booleanValue();
  }

  /** A time with its offset that may be missing or null; finer than a millisecond is cut. */
  @Nullable Instant optionalTime(String name) {
    String text = optionalText(name);
    if (text == null) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MILLIS);
    } catch (DateTimeException e) {
      throw wrong(at(path, name), "must be a time such as 2026-03-01T00:00:00Z");
    }
  }

  /** A constant, in lower case. */
  <E extends Enum<E>> E constant(String name, Class<E> type) {
    String text = text(name);
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(() ->
            wrong(
                at(path, name),
                "must be one of "
                    + Arrays.stream(type.getEnumConstants())
                        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "))));
  }

  /** Whether a property is there and not null. */
  boolean has(String name) {
    return value(name) != null;
  }

  /** Texts; none if the property is missing or null. */
  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : elements(name)) {
      if (!element.isTextual()) {
        throw wrong(at(path, name), "must be a list of texts");
      }
      texts.add(element.textValue());
    }
    return texts;
  }

  /** Objects; none if the property is missing or null. */
  List<JsonReader> objects(String name, Set<String> properties) {
    List<JsonReader> objects = new ArrayList<>();
    for (JsonNode element : elements(name)) {
      objects.add(of(element, at(path, name) + "[" + objects.size() + "]", properties));
    }
    return objects;
  }

  /** An object that must be there. */
  JsonReader object(String name, Set<String> properties) {
    JsonNode value = value(name);
    if (value == null) {
      throw wrong(at(path, name), "is missing");
    }
    return of(value, at(path, name), properties);
  }

  /** The names of this object's properties. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static JsonReader map(JsonNode node, String path) {
    if (!node.isObject()) {
      throw wrong(path, "must be a JSON object");
    }
    return new JsonReader(node, path);
  }

  /** An object with properties of any name; empty if the property is missing or null. */
  JsonReader map(String name) {
    JsonNode value = value(name);
    return value == null
        ? new JsonReader(JsonNodeFactory.instance.objectNode(), at(path, name))
        : map(value, at(path, name));
  }

  private Iterable<JsonNode> elements(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray()) {
      throw wrong(at(path, name), "must be a list");
    }
    return value;
  }

  private @Nullable JsonNode value(String name) {
    JsonNode value = node.get(name);
    return value == null || value.isNull() ? null : value;
  }

  private static String at(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static CommandException wrong(String path, String what) {
    return CommandException.usage(path + " " + what);
  }
}
