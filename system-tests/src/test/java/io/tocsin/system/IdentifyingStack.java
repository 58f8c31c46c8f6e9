package io.tocsin.system;

import io.tocsin.cli.Main;
import io.tocsin.cli.stack.DataDir;
import io.tocsin.cli.stack.Ports;
import io.tocsin.cli.stack.RegistryPart;
import io.tocsin.cli.stack.StackException;
import io.tocsin.cli.stack.StackParts;
import io.tocsin.cli.stack.StartedPart;
import io.tocsin.cli.stack.Supervisor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * What identification takes and no more: a broker, a registry, an intake, and as many identifiers
 * as a test starts, each a process that can be killed by itself.
 */
final class IdentifyingStack implements AutoCloseable {

  static final int PARTITIONS = 4;

  private static final Duration READY_WITHIN = Duration.ofMinutes(2);

  private final Path folder;
  private final StackParts parts;
  private final int kafkaPort;
  private final int registryPort;
  private final Supervisor supervisor;
  private final Path config;
  private final List<Part> started = new ArrayList<>();
  private StartedPart broker;

  /** A part of Tocsin as a process. */
  record Part(Process process, int port) {

    /** SIGKILL. */
    void kill() {
      Processes.kill(Processes.tree(process.toHandle()));
    }

    /** SIGTERM, and waits for the end. */
    void stop() {
      process.destroy();
      Awaitility.await("the end of a part").atMost(READY_WITHIN).until(() -> !process.isAlive());
    }

    private boolean isReady() {
      try (HttpClient http = HttpClient.newHttpClient()) {
        URI ready = URI.create("http://127.0.0.1:" + port + "/health/ready");
        return http.send(
                    HttpRequest.newBuilder(ready).timeout(Duration.ofSeconds(5)).build(),
                    HttpResponse.BodyHandlers.discarding())
                .statusCode()
            == 200;
      } catch (IOException e) {
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }

  /** Starts everything but identifiers. */
  IdentifyingStack(Path folder) throws Exception {
    this.folder = folder;
    DataDir data = new DataDir(folder.resolve("data")).create();
    this.parts = new StackParts(data, Main.class.getName());
    this.kafkaPort = freePort();
    this.registryPort = freePort();
    this.config =
        Files.writeString(
            folder.resolve("tocsin.properties"),
            """
            kafka.bootstrap.servers=127.0.0.1:%d
            schema.registry.url=%s
            keys.dir=%s
            topics.partitions.users=%d
            topics.partitions.holdings=%d
            """
                .formatted(
                    kafkaPort,
                    RegistryPart.url(registryPort),
                    folder.resolve("keys"),
                    PARTITIONS,
                    PARTITIONS));
    this.supervisor = Supervisor.of(data, part -> {});
    try {
      this.broker = supervisor.start(parts.broker(kafkaPort));
      supervisor.start(RegistryPart.of(data, registryPort));
      tocsin(Duration.ofMinutes(2), "keys", "create").ok();
      tocsin(Duration.ofMinutes(2), "topics", "apply").ok();
      start("intake", "intake-1", List.of());
    } catch (Exception | Error e) {
      close();
      throw e;
    }
  }

  /** Runs an operator's command. */
  Tocsin.Result tocsin(Duration within, String... arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", config.toString()));
    return Tocsin.run(folder.resolve("outputs"), within, all);
  }

  /**
   * Starts a part and waits until it is ready.
   *
   * @param instance whose state it takes up
   * @param settings key=value
   */
  Part start(String command, String instance, List<String> settings)
      throws IOException, StackException {
    int port = freePort();
    List<String> arguments = new ArrayList<>(List.of(command, "--config", config.toString()));
    List<String> all = new ArrayList<>(settings);
    all.add("http.port=" + port);
    all.add("state.dir=" + folder.resolve(instance));
    all.forEach(setting -> arguments.addAll(List.of("--set", setting)));
    Tocsin.Started output = Tocsin.start(folder.resolve("outputs"), arguments);
    Part part = new Part(output.process(), port);
    started.add(part);
    Awaitility.await(command + " ready")
        .atMost(READY_WITHIN)
        .until(() -> part.isReady() || !part.process().isAlive());
    if (!part.process().isAlive()) {
      throw new AssertionError(command + " has ended:\n" + output.err());
    }
    return part;
  }

  /** SIGKILL for the broker, and a new one on what it leaves. */
  void restartBroker() throws Exception {
    broker.kill();
    broker = supervisor.start(parts.broker(kafkaPort));
  }

  /** Its topics, read by nothing of Tocsin's. */
  ForeignReader reader() {
    return new ForeignReader("127.0.0.1:" + kafkaPort, RegistryPart.url(registryPort));
  }

  @Override
  public void close() throws Exception {
    started.stream().filter(part -> part.process().isAlive()).forEach(Part::kill);
    supervisor.close();
  }

  private static int freePort() throws StackException {
    return Ports.settle(Map.of("any", 0)).of("any");
  }
}
