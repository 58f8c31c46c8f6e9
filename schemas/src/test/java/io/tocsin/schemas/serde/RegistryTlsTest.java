package io.tocsin.schemas.serde;

import static io.tocsin.schemas.serde.Sightings.TOPIC;
import static io.tocsin.schemas.serde.Sightings.sighting;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.tocsin.avro.sample.Sighting;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry behind TLS with a certificate that only the configured trust store knows. */
class RegistryTlsTest {

  private static final String PASSWORD = "changeit";

  @TempDir static Path folder;

  private static HttpsServer server;
  private static Path store;

  @BeforeAll
  static void start() throws Exception {
    store = folder.resolve("registry.p12");
    createKey(store);
    var keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);

    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/",
        exchange -> {
          byte[] body = "{\"id\": 9}".getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  @Test
  void shouldTrustTheConfiguredStore() {
    // Given
    var codec =
        Registry.connect(
                Map.of(
                    "schema.registry.url",
                    url(),
                    "schema.registry.ssl.truststore.location",
                    store.toString(),
                    "schema.registry.ssl.truststore.type",
                    "PKCS12",
                    "schema.registry.ssl.truststore.password",
                    new Password(PASSWORD)))
            .codec(Sighting.class);

    // When
    byte[] bytes = codec.encode(TOPIC, sighting());

    // Then
    assertThat(bytes[4]).isEqualTo((byte) 9);
  }

  @Test
  void shouldNotTrustAStranger() {
    // Given
    var codec = Registry.connect(Map.of("schema.registry.url", url())).codec(Sighting.class);

    // When / Then
    assertThatThrownBy(() -> codec.encode(TOPIC, sighting()))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("SSLHandshakeException");
  }

  private static String url() {
    return "https://127.0.0.1:" + server.getAddress().getPort();
  }

  private static void createKey(Path store) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "registry",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor()).isZero();
  }
}
