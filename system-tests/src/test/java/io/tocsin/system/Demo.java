package io.tocsin.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A {@code tocsin demo --exit} that has ended.
 *
 * @param summary the last line of its output
 * @param seen the processes that ran below it, as the system showed them while it ran
 * @param aliveAfter those of them that still ran when it had ended
 */
record Demo(int exitCode, JsonNode summary, Set<Long> seen, List<Long> aliveAfter) {

  private static final long LOOK_EVERY_MILLIS = 100;

  /** Runs it with a number of users on a data folder. */
  static Demo run(Path data, int users, Duration within, Map<String, String> settings)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "demo",
                "--users",
                Integer.toString(users),
                "--exit",
                "--output",
                "json",
                "--data",
                data.toString()));
    settings.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
    Tocsin.Started demo =
        Tocsin.start(data.resolveSibling(data.getFileName() + ".outputs"), arguments);
    Map<Long, ProcessHandle> seen = new HashMap<>();
    long deadline = System.nanoTime() + within.toNanos();
    while (!demo.process().waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
      demo.process().descendants().forEach(process -> seen.put(process.pid(), process));
      if (System.nanoTime() > deadline) {
        Processes.kill(Processes.tree(demo.process().toHandle()));
        throw new AssertionError("The demo has not ended within " + within + "\n" + demo.err());
      }
    }
    List<Long> alive =
        seen.values().stream().filter(ProcessHandle::isAlive).map(ProcessHandle::pid).toList();
    String last = demo.out().strip().lines().reduce("", (before, line) -> line);
    if (demo.process().exitValue() != 0 || !last.startsWith("{")) {
      throw new AssertionError(
          "The demo exited with " + demo.process().exitValue() + ", saying\n" + demo.err());
    }
    return new Demo(
        demo.process().exitValue(), Json.read(last), new HashSet<>(seen.keySet()), alive);
  }

  /** A number of the summary. */
  long number(String path) {
    JsonNode node = summary.at(path);
    if (!node.isNumber()) {
      throw new AssertionError("The summary has no number at " + path);
    }
    return node.asLong();
  }

  /** A path of the summary. */
  Path path(String field) {
    return Path.of(summary.path(field).asText());
  }
}
