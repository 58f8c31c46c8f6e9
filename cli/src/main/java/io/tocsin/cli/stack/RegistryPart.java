package io.tocsin.cli.stack;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Apicurio Registry as a part of the stack, with its schemas in an H2 file.
 *
 * <p>{@code WRITE_DELAY=0} makes a schema that was answered survive a SIGKILL; H2's own default
 * loses the newest. Everything listens on 127.0.0.1: the API on the given port, the management
 * interface, which cannot be turned off, on a port that the system picks.
 */
public final class RegistryPart {

  /** Confluent's API, version 7, which {@code schema.registry.url} names. */
  public static final String API_PATH = "/apis/ccompat/v7";

  private static final String HOME_PROPERTY = "tocsin.registry.home";
  private static final String JAR = "quarkus-run.jar";

  private RegistryPart() {}

  /**
   * The registry on a data folder; ready when it lists its subjects.
   *
   * @throws StackException if the registry was not unpacked by the build
   */
  public static JvmPart of(DataDir dataDir, int port) throws StackException {
    var home = home();
    var data = dataDir.registry();
    return new JvmPart(
        "registry",
        List.of(
            "-Xms64m",
            "-Xmx128m",
            "-Dquarkus.http.host=127.0.0.1",
            "-Dquarkus.http.port=" + port,
            "-Dquarkus.management.host=127.0.0.1",
            "-Dquarkus.management.port=0",
            "-Dapicurio.datasource.url=jdbc:h2:file:" + data.resolve("registry") + ";WRITE_DELAY=0",
            "-Dapicurio.datasource.jdbc.initial-size=1",
            "-Dapicurio.datasource.jdbc.min-size=1",
            "-Dapicurio.datasource.jdbc.max-size=10",
            "-Dapicurio.storage.snapshot.location=" + data,
            "-Dapicurio.import.work-dir=" + data,
            "-Dquarkus.http.access-log.enabled=false",
            "-Dquarkus.log.category.\"io.apicurio\".level=WARN",
            "-Dquarkus.log.console.format=%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p [%c{2.}] %s%e%n"),
        ownClasses() + File.pathSeparator + home.resolve(JAR),
        RegistryMain.class.getName(),
        List.of(),
        Map.of(),
        data,
        new Readiness.Answering(port, API_PATH + "/subjects"),
        Duration.ofMinutes(3),
        Duration.ofSeconds(10));
  }

  /** What clients put into {@code schema.registry.url}. */
  public static String url(int port) {
    return "http://127.0.0.1:" + port + API_PATH;
  }

  /**
   * Where the registry was unpacked: the system property {@code tocsin.registry.home}, or the
   * folder {@code registry} beside the classes or jar of this module, where the build puts it.
   */
  static Path home() throws StackException {
    var given = System.getProperty(HOME_PROPERTY);
    var home = given == null ? ownClasses().resolveSibling("registry") : Path.of(given);
    if (!Files.exists(home.resolve(JAR))) {
      throw new StackException(
          "The schema registry is not in " + home + "; build the project, or set " + HOME_PROPERTY);
    }
    return home.toAbsolutePath();
  }

  private static Path ownClasses() {
    try {
      return Path.of(
          RegistryPart.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the class path has no file of this module", e);
    }
  }
}
