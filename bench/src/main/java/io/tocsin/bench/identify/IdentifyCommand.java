package io.tocsin.bench.identify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.bench.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code bench/run identify}. Every figure is measured in the run that prints it; a set of affected
 * users that differs from the one worked out by brute force fails the run.
 */
@Command(
    name = "identify",
    mixinStandardHelpOptions = true,
    description =
        "Measures the identifier against the foreign-key join of Kafka Streams, PostgreSQL and a"
            + " plain producer, on the same holdings.")
public final class IdentifyCommand implements Callable<Integer> {

  private enum Format {
    TABLE,
    JSON
  }

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = "--holdings",
      defaultValue = "1000000",
      description = "How many; ${DEFAULT-VALUE}.")
  private int holdings;

  @Option(names = "--affected", description = "How many of them the incident touches; all.")
  private @Nullable Integer affected;

  @Option(
      names = "--partitions",
      defaultValue = "8",
      description = "Partitions of holdings and of affected; ${DEFAULT-VALUE}.")
  private int partitions;

  @Option(
      names = "--threads",
      defaultValue = "2",
      description = "Threads of the identifier and of the join; ${DEFAULT-VALUE}.")
  private int threads;

  @Option(
      names = "--rounds",
      defaultValue = "0",
      description =
          "Fan-outs, and first affected, measured, of which the middle one counts; 5 and 11, or 9"
              + " after some to warm up when few are affected.")
  private int rounds;

  @Option(
      names = "--without",
      split = ",",
      description = "Leaves out some of: fk-join, producer, postgres, small-store, input, restart.")
  private List<String> without = List.of();

  @Option(names = "--set", description = "A setting KEY=VALUE of the identifier and of the join.")
  private Map<String, String> settings = Map.of();

  @Option(names = "--data", description = "Folder to work in, instead of a temporary one.")
  private @Nullable Path data;

  @Option(
      names = "--keep",
      description = "Leaves the folder in place, logs of all processes included.")
  private boolean keep;

  @Option(names = "--output", defaultValue = "table", description = "table or json.")
  @SuppressWarnings("NullAway.Init")
  private Format output;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Progress progress = new Progress(spec.commandLine().getErr());
    Path folder =
        data == null
            ? Files.createTempDirectory("tocsin-bench-")
            : Files.createDirectories(data.toAbsolutePath());
    Thread interrupted = Thread.ofPlatform().unstarted(() -> abandon(folder));
    if (!keep) {
      Runtime.getRuntime().addShutdownHook(interrupted);
    }
    try {
      Workload workload = new Workload(holdings, affected == null ? holdings : affected, rounds);
      Map<String, Object> figures =
          new IdentifyBench(
                  workload, partitions, threads, legsLeftOut(), settings, folder, progress)
              .run()
              .figures();
      if (output == Format.JSON) {
        out.println(json(figures));
      } else {
        table(out, figures);
      }
      out.flush();
      return 0;
    } finally {
      if (keep) {
        progress.say("everything is kept in %s", folder);
      } else if (Runtime.getRuntime().removeShutdownHook(interrupted)) {
        delete(folder);
      }
    }
  }

  /** On Ctrl-C: nothing is left running, and nothing on the disk. */
  private static void abandon(Path folder) {
    List<ProcessHandle> processes = ProcessHandle.current().descendants().toList();
    processes.forEach(ProcessHandle::destroyForcibly);
    processes.forEach(process -> process.onExit().join());
    try {
      delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Set<Leg> legsLeftOut() {
    EnumSet<Leg> legs = EnumSet.noneOf(Leg.class);
    for (String name : without) {
      legs.add(Leg.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')));
    }
    return legs;
  }

  private static String json(Map<String, Object> figures) throws JsonProcessingException {
    return new ObjectMapper().writeValueAsString(figures);
  }

  private static void table(PrintWriter out, Map<String, Object> figures) {
    figures.forEach((name, value) -> {
      if (value instanceof Map<?, ?> map) {
        map.forEach((inner, each) -> out.printf("%-34s  %s%n", name + "." + inner, each));
      } else {
        out.printf("%-34s  %s%n", name, value);
      }
    });
    out.println();
    for (Goal goal : Goal.ALL) {
      Number value = goal.in(figures);
      if (value != null) {
        out.printf(
            "%-46s  %10s  %s %-7s  %s%n",
            goal.figure(),
            value,
            goal.isMost() ? "at most " : "at least",
            goal.bound(),
            goal.isMet(value) ? "reached" : "MISSED");
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
