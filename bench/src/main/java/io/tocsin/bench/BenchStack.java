package io.tocsin.bench;

import io.tocsin.cli.AllKeys;
import io.tocsin.cli.CliKeys;
import io.tocsin.cli.Main;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.stack.DataDir;
import io.tocsin.cli.stack.JvmPart;
import io.tocsin.cli.stack.Ports;
import io.tocsin.cli.stack.Readiness;
import io.tocsin.cli.stack.RegistryPart;
import io.tocsin.cli.stack.StackException;
import io.tocsin.cli.stack.StartedPart;
import io.tocsin.cli.stack.Supervisor;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.seal.Keys;
import io.tocsin.schemas.topic.TopicsApply;
import io.tocsin.schemas.topic.TopicsException;
import io.tocsin.streams.StreamsKeys;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A broker and a registry, each a process of its own on loopback, with every topic of Tocsin; and
 * whatever else is started on them. Unlike in {@code tocsin up}, processes have the optimising
 * compiler: here they run long enough, and so they do in production.
 */
public final class BenchStack implements AutoCloseable {

  private static final String BROKER = "broker";
  private static final String REGISTRY = "registry";

  /** Overrides the quick compiler that every process of {@code tocsin up} gets. */
  private static final String OPTIMISING = "-XX:TieredStopAtLevel=4";

  private static final int TOPICS_ATTEMPTS = 5;

  private final DataDir data;
  private final Ports ports;
  private final Supervisor supervisor;
  private final Cluster cluster;

  private BenchStack(DataDir data, Ports ports, Supervisor supervisor, Cluster cluster) {
    this.data = data;
    this.ports = ports;
    this.supervisor = supervisor;
    this.cluster = cluster;
  }

  /**
   * Starts broker and registry and makes the topics.
   *
   * @param folder where everything is kept; created if missing
   * @param settings configuration beyond the addresses
   * @param parts names of what will be started later, each of which gets a port
   */
  public static BenchStack start(Path folder, Map<String, String> settings, List<String> parts)
      throws Exception {
    DataDir data = new DataDir(folder).create();
    Map<String, Integer> wanted = new HashMap<>(Map.of(BROKER, 0, REGISTRY, 0));
    parts.forEach(part -> wanted.put(part, 0));
    Ports ports = Ports.settle(wanted);
    Keys.in(folder.resolve("keys")).create();
    write(data, ports, settings);
    Supervisor supervisor = Supervisor.of(data, part -> {});
    try {
      supervisor.start(broker(data, ports.of(BROKER)));
      supervisor.start(RegistryPart.of(data, ports.of(REGISTRY)));
      TocsinConfig config =
          TocsinConfig.load(AllKeys.definition(), data.properties(), Map.of(), Map.of());
      Cluster cluster = Cluster.connect(config);
      applyTopics(new TopicsApply(cluster.admin(), cluster.registry(), config));
      return new BenchStack(data, ports, supervisor, cluster);
    } catch (Exception | Error e) {
      supervisor.close();
      throw e;
    }
  }

  /** The connection to broker and registry. */
  public Cluster cluster() {
    return cluster;
  }

  /** Where a process that was named at the start listens, or will. */
  public int port(String part) {
    return ports.of(part);
  }

  /** The keys that contacts are sealed with. */
  public Keys keys() {
    return Keys.in(data.root().resolve("keys"));
  }

  /** Where the broker keeps its logs. */
  public Path kafkaLogs() {
    return data.kafka();
  }

  /**
   * Starts a command of Tocsin as a process and returns when it is ready.
   *
   * @param heapMegabytes its largest heap
   */
  public StartedPart startTocsin(String name, int heapMegabytes, Map<String, String> settings)
      throws StackException, InterruptedException {
    return start(name, Main.class, List.of("-Xmx" + heapMegabytes + "m"), settings);
  }

  /**
   * Starts a command of the benchmarks as a process and returns when it is ready.
   *
   * @param heap options of its JVM
   */
  public StartedPart startOwn(String name, List<String> heap, Map<String, String> settings)
      throws StackException, InterruptedException {
    return start(name, Bench.class, heap, settings);
  }

  @Override
  public void close() throws StackException {
    cluster.close();
    supervisor.close();
  }

  private StartedPart start(
      String name, Class<?> main, List<String> heap, Map<String, String> settings)
      throws StackException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(List.of(name, "--watch-stdin", "--config", data.properties().toString()));
    Map<String, String> all = new HashMap<>(settings);
    all.put(CommonKeys.HTTP_PORT, Integer.toString(ports.of(name)));
    all.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
    return supervisor.start(
        JvmPart.own(
            data,
            name,
            flags(name, heap),
            main.getName(),
            arguments,
            new Readiness.Answering(ports.of(name), "/health/ready")));
  }

  /** A registry that has just come up on a busy machine may need longer than its client waits. */
  private static void applyTopics(TopicsApply topics) {
    for (int attempt = 1; ; attempt++) {
      try {
        topics.apply();
        return;
      } catch (TopicsException e) {
        if (attempt == TOPICS_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static JvmPart broker(DataDir data, int port) {
    return JvmPart.own(
        data,
        BROKER,
        flags(BROKER, List.of("-Xmx512m")),
        Main.class.getName(),
        List.of(
            BROKER,
            "--data",
            data.kafka().toString(),
            "--port",
            Integer.toString(port),
            "--watch-stdin"),
        new Readiness.Listening(port));
  }

  /** {@code BENCH_JAVA_OPTS_name} adds options to one process, such as those of a profiler. */
  private static List<String> flags(String name, List<String> heap) {
    List<String> flags = new ArrayList<>(heap);
    flags.add(OPTIMISING);
    String more = System.getenv("BENCH_JAVA_OPTS_" + name.replace('-', '_'));
    if (more != null) {
      flags.addAll(List.of(more.split(" ")));
    }
    return flags;
  }

  private static void write(DataDir data, Ports ports, Map<String, String> settings)
      throws IOException {
    Properties properties = new Properties();
    properties.setProperty(CommonKeys.BOOTSTRAP_SERVERS, "127.0.0.1:" + ports.of(BROKER));
    properties.setProperty("schema.registry.url", RegistryPart.url(ports.of(REGISTRY)));
    properties.setProperty(CommonKeys.REPLICATION, "1");
    properties.setProperty(CommonKeys.KEYS_DIR, data.root().resolve("keys").toString());
    properties.setProperty(StreamsKeys.STATE_DIR, data.state().toString());
    properties.setProperty(CliKeys.START_WAIT_MS, "120000");
    properties.setProperty(CliKeys.COMMAND_WAIT_MS, "60000");
    settings.forEach(properties::setProperty);
    try (Writer out = Files.newBufferedWriter(data.properties())) {
      properties.store(out, null);
    }
  }
}
