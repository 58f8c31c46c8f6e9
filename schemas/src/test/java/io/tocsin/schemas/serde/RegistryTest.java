package io.tocsin.schemas.serde;

import static io.tocsin.schemas.serde.Sightings.TOPIC;
import static io.tocsin.schemas.serde.Sightings.sighting;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.tocsin.avro.sample.Sighting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a registry may answer, and what comes of it; a real registry is in {@code RegistryIT}. */
class RegistryTest {

  private static final byte[] RECORD = {0, 0, 0, 0, 7, 2, 'x'};

  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private volatile String answer = "";
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.add(exchange.getRequestURI().getPath());
          String authorization = exchange.getRequestHeaders().getFirst("Authorization");
          if (authorization != null) {
            authorizations.add(authorization);
          }
          byte[] body = answer.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503})
  void shouldAskForAnotherTryWhenTheRegistryIsInTrouble(int trouble) {
    // Given
    status = trouble;

    // When / Then
    assertThatThrownBy(() -> codec(Map.of()).decode(TOPIC, RECORD))
        .isInstanceOf(RegistryUnreachableException.class)
        .hasMessageContaining("answered " + trouble)
        .hasMessageContaining("schema id 7 for tocsin.sightings");
  }

  @Test
  void shouldSayThatNobodyListens() throws IOException {
    // Given
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    String url = "http://127.0.0.1:" + port;
    var codec = Registry.connect(Map.of("schema.registry.url", url)).codec(Sighting.class);

    // When / Then
    assertThatThrownBy(() -> codec.decode(TOPIC, RECORD))
        .isInstanceOf(RegistryUnreachableException.class)
        .hasMessageContaining(url)
        .hasMessageContaining("schema.registry.url");
    assertThatThrownBy(() -> codec.encode(TOPIC, sighting()))
        .isInstanceOf(RegistryUnreachableException.class);
  }

  @Test
  void shouldGiveUpOnARegistryThatDoesNotAnswer() throws IOException {
    // Given
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var codec =
          Registry.connect(
                  Map.of(
                      "schema.registry.url",
                      "http://127.0.0.1:" + silent.getLocalPort(),
                      "http.read.timeout.ms",
                      "100"))
              .codec(Sighting.class);

      // When / Then
      assertThatThrownBy(() -> codec.decode(TOPIC, RECORD))
          .isInstanceOf(RegistryUnreachableException.class)
          .hasMessageContaining("SocketTimeoutException");
    }
  }

  @Test
  void shouldCallAnUnknownIdTheRecordsFault() {
    // Given
    status = 404;
    answer = "{\"error_code\": 40403, \"message\": \"Schema not found\"}";
    var codec = codec(Map.of());

    // When / Then
    assertThatThrownBy(() -> codec.decode(TOPIC, RECORD))
        .isInstanceOfSatisfying(
            UnknownSchemaException.class, e -> assertThat(e.schemaId()).isEqualTo(7));
    assertThatThrownBy(() -> codec.decode(TOPIC, RECORD))
        .isInstanceOf(UnknownSchemaException.class);
    assertThat(requests).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 | {\"error_code\": 404, \"message\": \"HTTP 404 Not Found\"} | schema.registry.url",
        "404 | <html>nothing here</html> | schema.registry.url",
        "401 | {\"error_code\": 401, \"message\": \"Unauthorized\"} | basic.auth.user.info",
        "403 | {\"error_code\": 40301, \"message\": \"Forbidden\"} | basic.auth.user.info",
        "200 | <html>a web page</html> | not as a schema registry"
      })
  void shouldBlameTheConfigurationForARefusal(int code, String body, String advice) {
    // Given
    status = code;
    answer = body;

    // When / Then
    assertThatThrownBy(() -> codec(Map.of()).decode(TOPIC, RECORD))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining(advice);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"schema\": \"syntax = 'proto3';\", \"schemaType\": \"PROTOBUF\"}",
        "{\"schema\": \"{\\\"type\\\": \\\"nonsense\\\"}\"}"
      })
  void shouldCallASchemaThatIsNotAvroTheRecordsFault(String body) {
    // Given
    answer = body;

    // When / Then
    assertThatThrownBy(() -> codec(Map.of()).decode(TOPIC, RECORD))
        .isInstanceOf(IncompatibleSchemaException.class)
        .hasMessageContaining("not as Avro");
  }

  @Test
  void shouldSayThatANewSchemaIsIncompatible() {
    // Given
    status = 409;
    answer = "{\"error_code\": 409, \"message\": \"incompatible\"}";

    // When / Then
    assertThatThrownBy(() -> codec(Map.of()).encode(TOPIC, sighting()))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("registering io.tocsin.avro.sample.Sighting")
        .hasMessageContaining("tocsin.sightings-value")
        .hasMessageContaining("incompatible with an earlier version");
  }

  @Test
  void shouldSendBasicAuthentication() {
    // Given
    answer = "{\"id\": 9}";
    var codec =
        codec(
            Map.of(
                "basic.auth.credentials.source",
                "USER_INFO",
                "basic.auth.user.info",
                new Password("tocsin:secret")));

    // When
    byte[] bytes = codec.encode(TOPIC, sighting());

    // Then
    assertThat(bytes[4]).isEqualTo((byte) 9);
    assertThat(authorizations)
        .containsExactly(
            "Basic " + Base64.getEncoder().encodeToString("tocsin:secret".getBytes(UTF_8)));
  }

  @Test
  void shouldSendABearerToken() {
    // Given
    answer = "{\"id\": 9}";
    var codec =
        codec(
            Map.of(
                "bearer.auth.credentials.source", "STATIC_TOKEN",
                "bearer.auth.token", "a-token"));

    // When
    codec.encode(TOPIC, sighting());

    // Then
    assertThat(authorizations).containsExactly("Bearer a-token");
  }

  @Test
  void shouldAskForEachSchemaOnce() {
    // Given
    answer = "{\"id\": 9}";
    var codec = codec(Map.of());
    codec.encode(TOPIC, sighting());

    // When
    codec.encode(TOPIC, sighting());

    // Then
    assertThat(requests).containsExactly("/subjects/tocsin.sightings-value/versions");
  }

  private AvroCodec<Sighting> codec(Map<String, ?> more) {
    var configs = new HashMap<String, Object>(more);
    configs.put("schema.registry.url", "http://127.0.0.1:" + server.getAddress().getPort());
    return Registry.connect(configs).codec(Sighting.class);
  }
}
