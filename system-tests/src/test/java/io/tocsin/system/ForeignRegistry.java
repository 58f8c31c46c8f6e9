package io.tocsin.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/** Confluent's registry protocol, spoken by the JDK's HTTP client alone. */
final class ForeignRegistry {

  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;
  private final Map<Integer, Schema> byId = new ConcurrentHashMap<>();
  private final Map<String, Registered> latest = new ConcurrentHashMap<>();

  ForeignRegistry(String url) {
    this.url = url;
  }

  /** A schema and the id that stands for it on the wire. */
  record Registered(int id, Schema schema) {}

  /** The latest schema of a topic's values. */
  Registered latest(String topic) {
    return latest.computeIfAbsent(
        topic,
        name -> {
          JsonNode answer = get("/subjects/" + name + "-value/versions/latest");
          return new Registered(answer.path("id").asInt(), parse(answer));
        });
  }

  /** The schema of an id. */
  Schema byId(int id) {
    return byId.computeIfAbsent(id, key -> parse(get("/schemas/ids/" + key)));
  }

  private static Schema parse(JsonNode answer) {
    return new Schema.Parser().parse(answer.path("schema").asText());
  }

  private JsonNode get(String path) {
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(url + path)).build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new AssertionError("The registry answers " + answer.statusCode() + " to " + path);
      }
      return Json.read(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }
}
