package io.tocsin.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What every benchmark has on its command line: where it works, what it sets, how it prints. */
public final class RunOptions {

  private enum Format {
    TABLE,
    JSON
  }

  /** Measures. */
  @FunctionalInterface
  public interface Measurement {

    /**
     * Measures and returns what is to be printed, in the order in which it should be read.
     *
     * @param folder an empty folder to work in
     * @param settings what the user has set
     */
    Map<String, Object> run(Path folder, Map<String, String> settings, Progress progress)
        throws Exception;
  }

  @Option(names = "--set", description = "A setting KEY=VALUE of the parts that are measured.")
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

  /**
   * Measures in a folder that is removed afterwards, and prints.
   *
   * @param goals what a table compares the figures with
   * @return the exit code
   */
  public int run(CommandSpec spec, List<Goal> goals, Measurement measurement) throws Exception {
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
      Map<String, Object> figures = measurement.run(folder, settings, progress);
      if (output == Format.JSON) {
        out.println(new ObjectMapper().writeValueAsString(figures));
      } else {
        table(out, figures, goals);
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

  private static void table(PrintWriter out, Map<String, Object> figures, List<Goal> goals) {
    figures.forEach((name, value) -> {
      if (value instanceof Map<?, ?> map) {
        map.forEach((inner, each) -> out.printf("%-34s  %s%n", name + "." + inner, each));
      } else {
        out.printf("%-34s  %s%n", name, value);
      }
    });
    out.println();
    for (Goal goal : goals) {
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
