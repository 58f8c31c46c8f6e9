package io.tocsin.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** {@code tocsin up} on a data folder, ready for use. */
final class Stack implements AutoCloseable {

  private static final Duration READY_WITHIN = Duration.ofMinutes(5);

  /** Before {@code up} gives a part up, which it does after 3 minutes. */
  private static final Duration STACKS_AFTER = Duration.ofSeconds(150);

  private static final int LAST_WORDS = 40;
  private static final Duration STOPPED_WITHIN = Duration.ofMinutes(1);

  private final Path outputs;
  private final Tocsin.Started up;
  private final JsonNode addresses;

  private Stack(Path outputs, Tocsin.Started up, JsonNode addresses) {
    this.outputs = outputs;
    this.up = up;
    this.addresses = addresses;
  }

  /**
   * Starts it and waits until it has printed its addresses.
   *
   * @param data the data folder; outputs of commands are kept in {@code DATA.outputs}
   * @param settings given by {@code --set}
   */
  static Stack up(Path data, Map<String, String> settings)
      throws IOException, InterruptedException {
    Path outputs = data.resolveSibling(data.getFileName() + ".outputs");
    List<String> arguments =
        new ArrayList<>(List.of("up", "--data", data.toString(), "--output", "json"));
    settings.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
    Tocsin.Started up = Tocsin.start(outputs, arguments);
    try {
      awaitReady(up, data);
      return new Stack(outputs, up, Json.read(up.out().strip()));
    } catch (RuntimeException | Error | InterruptedException e) {
      Processes.kill(Processes.tree(up.process().toHandle()));
      throw e;
    }
  }

  /** Its own words come last: who looks for the reason looks at the end first. */
  private static void awaitReady(Tocsin.Started up, Path data)
      throws IOException, InterruptedException {
    String stacks = "";
    if (!isDecided(up, STACKS_AFTER)) {
      stacks = ThreadStacks.below(up.process().toHandle());
    }
    if (!isDecided(up, READY_WITHIN.minus(STACKS_AFTER))) {
      throw new AssertionError(
          lastWords(data) + stacks + "\ntocsin up is not ready after 5 minutes:\n" + up.err());
    }
    if (!up.process().isAlive()) {
      throw new AssertionError(lastWords(data) + stacks + "\ntocsin up has ended:\n" + up.err());
    }
  }

  /** Whether it is ready or has ended. */
  private static boolean isDecided(Tocsin.Started up, Duration within) {
    try {
      Awaitility.await("tocsin up")
          .atMost(within)
          .until(() -> up.out().endsWith("\n") || !up.process().isAlive());
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }

  /** What the parts logged last: the folder is gone when somebody reads why a test failed. */
  private static String lastWords(Path data) throws IOException {
    StringBuilder words = new StringBuilder();
    try (Stream<Path> logs = Files.list(data.resolve("logs"))) {
      for (Path each : logs.sorted().toList()) {
        List<String> lines = Files.readAllLines(each);
        words.append("\n--- ").append(each.getFileName()).append('\n');
        lines.stream()
            .skip(Math.max(0, lines.size() - LAST_WORDS))
            .forEach(line -> words.append(line).append('\n'));
      }
    }
    return words.toString();
  }

  /** An address as {@code up} printed it, such as {@code kafka} or {@code mailDir}. */
  String address(String name) {
    JsonNode address = addresses.path(name);
    if (address.isMissingNode()) {
      throw new AssertionError("tocsin up prints no " + name + ": " + addresses);
    }
    return address.asText();
  }

  /** Where its mail sink keeps messages. */
  Path mailDir() {
    return Path.of(address("mailDir"));
  }

  /** Where its Twilio stand-in keeps messages. */
  Path smsLog() {
    return Path.of(address("smsLog"));
  }

  /** Process ids by part. */
  Map<String, Long> pids() {
    Map<String, Long> pids = new LinkedHashMap<>();
    addresses
        .path("pids")
        .properties()
        .forEach(pid -> pids.put(pid.getKey(), pid.getValue().asLong()));
    return pids;
  }

  /** Its topics, read by nothing of Tocsin's. */
  ForeignReader reader() {
    return new ForeignReader(address("kafka"), address("registry"));
  }

  /** Runs an operator's command against it, with JSON for output. */
  Tocsin.Result tocsin(String... arguments) throws IOException, InterruptedException {
    return Tocsin.run(outputs, withJson(arguments));
  }

  /** Starts an operator's command that goes on for a while, with JSON for output. */
  Tocsin.Started watch(String... arguments) throws IOException {
    return Tocsin.start(outputs, withJson(arguments));
  }

  private List<String> withJson(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", address("config"), "--output", "json"));
    return all;
  }

  /** SIGKILL for every one of its processes. */
  void kill() {
    Processes.kill(Processes.tree(up.process().toHandle()));
  }

  /** Stops it as Ctrl-C does. */
  @Override
  public void close() {
    List<ProcessHandle> all = Processes.tree(up.process().toHandle());
    up.process().destroy();
    try {
      Awaitility.await("the end of tocsin up")
          .atMost(STOPPED_WITHIN)
          .until(() -> !up.process().isAlive());
    } finally {
      Processes.kill(all.stream().filter(ProcessHandle::isAlive).toList());
    }
  }
}
