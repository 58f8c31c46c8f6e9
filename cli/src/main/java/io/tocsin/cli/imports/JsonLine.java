package io.tocsin.cli.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Takes one JSON object a line apart. */
final class JsonLine {

  private static final ObjectReader READER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  private JsonLine() {}

  /** The values of a row by column: texts, or arrays of texts. */
  static Map<String, List<String>> parse(String text, List<String> columns)
      throws InvalidRowException {
    JsonNode node;
    try {
      node = READER.readValue(text);
    } catch (JsonProcessingException e) {
      // The parser's own message may quote the row.
      throw new InvalidRowException("not a JSON object");
    }
    if (!node.isObject()) {
      throw new InvalidRowException("not a JSON object");
    }
    Map<String, List<String>> fields = HashMap.newHashMap(columns.size());
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      if (!columns.contains(property.getKey())) {
        throw new InvalidRowException(
            "has a property that is none of " + String.join(", ", columns));
      }
      if (!property.getValue().isNull()) {
        fields.put(property.getKey(), texts(property.getKey(), property.getValue()));
      }
    }
    return fields;
  }

  private static List<String> texts(String column, JsonNode value) throws InvalidRowException {
    if (value.isTextual()) {
      return List.of(value.textValue());
    }
    if (!value.isArray()) {
      throw new InvalidRowException(column + ": not a text");
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode element : value) {
      if (!element.isTextual()) {
        throw new InvalidRowException(column + ": not a list of texts");
      }
      texts.add(element.textValue());
    }
    return texts;
  }
}
