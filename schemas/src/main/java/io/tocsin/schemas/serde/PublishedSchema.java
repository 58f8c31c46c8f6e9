package io.tocsin.schemas.serde;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

/** A generated class's schema as other languages should see it. */
public final class PublishedSchema {

  private static final ObjectMapper JSON = new ObjectMapper();

  private PublishedSchema() {}

  /**
   * The schema without {@code avro.java.string}, which the generator adds for Java alone. Class and
   * {@code .avsc} file then are one schema to the registry, whoever registers it first.
   */
  public static Schema of(Schema generated) {
    try {
      JsonNode json = JSON.readTree(generated.toString());
      strip(json);
      return new Schema.Parser().parse(JSON.writeValueAsString(json));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "The schema of " + generated.getFullName() + " is not JSON", e);
    }
  }

  private static void strip(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove(GenericData.STRING_PROP);
    }
    node.forEach(PublishedSchema::strip);
  }
}
