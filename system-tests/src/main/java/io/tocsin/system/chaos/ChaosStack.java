package io.tocsin.system.chaos;

import io.tocsin.cli.AllKeys;
import io.tocsin.cli.CliKeys;
import io.tocsin.cli.Main;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.sample.SampleFiles;
import io.tocsin.cli.stack.DataDir;
import io.tocsin.cli.stack.JvmPart;
import io.tocsin.cli.stack.Ports;
import io.tocsin.cli.stack.Readiness;
import io.tocsin.cli.stack.RegistryPart;
import io.tocsin.cli.stack.StackException;
import io.tocsin.cli.stack.StackParts;
import io.tocsin.cli.stack.StartedPart;
import io.tocsin.cli.stack.Supervisor;
import io.tocsin.notifier.run.ChannelSettings;
import io.tocsin.notifier.twilio.TwilioSettings;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.RegistryKeys;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.seal.Keys;
import io.tocsin.schemas.topic.TopicsApply;
import io.tocsin.streams.StreamsKeys;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Every part of Tocsin as a process that can be killed by itself, on loopback. */
final class ChaosStack implements AutoCloseable {

  static final String BROKER = "broker";

  private static final String REGISTRY = "registry";
  private static final String STREAMS = "streams";
  private static final String NOTIFIER = "notifier";
  private static final String KEYS = "keys";

  private final DataDir data;
  private final Ports ports;
  private final Supervisor supervisor;
  private final TocsinConfig config;
  private final Map<String, JvmPart> parts = new LinkedHashMap<>();
  private final Map<String, StartedPart> running = new ConcurrentHashMap<>();

  /**
   * Starts broker and registry, and makes keys and topics.
   *
   * @param folder where everything is kept; created if missing
   * @param streams how many processes of intake, identifier and dispatcher
   * @param notifiers how many notifiers
   * @param settings configuration beyond the stack's own addresses
   */
  ChaosStack(Path folder, int streams, int notifiers, Map<String, String> settings)
      throws Exception {
    this.data = new DataDir(folder).create();
    Map<String, Integer> wanted = new HashMap<>(Map.of(BROKER, 0, REGISTRY, 0));
    List<String> own = new ArrayList<>(names(STREAMS, streams));
    own.addAll(names(NOTIFIER, notifiers));
    own.forEach(name -> wanted.put(name, 0));
    this.ports = Ports.settle(wanted);
    Keys.in(folder.resolve(KEYS)).create();
    write(settings);
    this.config = TocsinConfig.load(AllKeys.definition(), data.properties(), Map.of(), Map.of());
    this.supervisor = Supervisor.of(data, part -> {});
    parts.put(BROKER, new StackParts(data, Main.class.getName()).broker(ports.of(BROKER)));
    parts.put(REGISTRY, RegistryPart.of(data, ports.of(REGISTRY)));
    own.forEach(name -> parts.put(name, part(name)));
    try {
      startTogether(List.of(BROKER, REGISTRY));
      try (Cluster cluster = connect()) {
        new TopicsApply(cluster.admin(), cluster.registry(), config).apply();
      }
    } catch (Exception | Error e) {
      close();
      throw e;
    }
  }

  /** The configuration of its parts, which serves commands as well. */
  TocsinConfig config() {
    return config;
  }

  /** The keys that its notifiers open contacts with. */
  Keys keys() {
    return Keys.in(data.root().resolve(KEYS));
  }

  /** A connection to broker and registry. */
  Cluster connect() {
    return Cluster.connect(config);
  }

  /** Names of the processes of intake, identifier and dispatcher. */
  List<String> streams() {
    return parts.keySet().stream().filter(name -> name.startsWith(STREAMS)).toList();
  }

  /** Names of the notifiers. */
  List<String> notifiers() {
    return parts.keySet().stream().filter(name -> name.startsWith(NOTIFIER)).toList();
  }

  /** The port on which a part of Tocsin answers. */
  int port(String name) {
    return ports.of(name);
  }

  /** Starts every part of Tocsin and returns when all are ready. */
  void startOwn() throws Exception {
    List<String> own = new ArrayList<>(streams());
    own.addAll(notifiers());
    startTogether(own);
  }

  /** SIGKILL. */
  void kill(String name) throws InterruptedException {
    Objects.requireNonNull(running.get(name), name).kill();
  }

  /** Starts a part and returns when it is ready. */
  void start(String name) throws StackException, InterruptedException {
    running.put(name, supervisor.start(Objects.requireNonNull(parts.get(name), name)));
  }

  /** A part that ended although nobody killed it, in a sentence; empty if all run. */
  List<String> ended() {
    return running.values().stream()
        .filter(part -> !part.isAlive() && !part.isStopping())
        .map(StartedPart::epitaph)
        .toList();
  }

  /** Kills what is left: everything has been counted. */
  @Override
  public void close() throws StackException {
    for (StartedPart part : running.values()) {
      try {
        part.kill();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    supervisor.close();
  }

  private void startTogether(List<String> names) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> starts = new ArrayList<>();
      for (String name : names) {
        starts.add(
            threads.submit(() -> {
              start(name);
              return name;
            }));
      }
      for (Future<?> start : starts) {
        start.get();
      }
    }
  }

  private JvmPart part(String name) {
    boolean tells = name.startsWith(NOTIFIER);
    Map<String, String> own = new LinkedHashMap<>();
    own.put(CommonKeys.HTTP_PORT, Integer.toString(ports.of(name)));
    if (tells) {
      own.put(ChannelSettings.INSTANCE_ID, name);
      own.put(TwilioSettings.CALLBACK_URL, "http://127.0.0.1:" + ports.of(name));
    } else {
      own.put(StreamsKeys.STATE_DIR, data.state().resolve(name).toString());
    }
    List<String> arguments =
        new ArrayList<>(
            List.of(
                tells ? NOTIFIER : STREAMS,
                "--watch-stdin",
                "--config",
                data.properties().toString()));
    own.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
    return JvmPart.own(
        data,
        name,
        List.of(tells ? "-Xmx256m" : "-Xmx512m"),
        Main.class.getName(),
        arguments,
        new Readiness.Answering(ports.of(name), "/health/ready"));
  }

  private void write(Map<String, String> settings) throws IOException {
    Properties properties = new Properties();
    properties.putAll(SampleFiles.properties("any2text.properties"));
    properties.setProperty(CommonKeys.BOOTSTRAP_SERVERS, "127.0.0.1:" + ports.of(BROKER));
    properties.setProperty(RegistryKeys.URL, RegistryPart.url(ports.of(REGISTRY)));
    properties.setProperty(CommonKeys.REPLICATION, "1");
    properties.setProperty(CommonKeys.KEYS_DIR, data.root().resolve(KEYS).toString());
    properties.setProperty(CliKeys.START_WAIT_MS, "120000");
    properties.setProperty(CliKeys.COMMAND_WAIT_MS, "60000");
    settings.forEach(properties::setProperty);
    try (Writer out = Files.newBufferedWriter(data.properties())) {
      properties.store(out, null);
    }
  }

  private static List<String> names(String part, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(number -> part + "-" + number).toList();
  }
}
