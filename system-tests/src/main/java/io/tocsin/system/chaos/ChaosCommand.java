package io.tocsin.system.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code system-tests/run chaos}; exits with 1 and a sentence for each bound that is broken. */
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    description = {
      "Tells people of an incident while processes are killed and providers misbehave, and counts"
          + " from what the providers took.",
      "",
      "Kills are spread over notifiers (half), dispatchers (three tenths) and the broker, and over"
          + " the first three quarters of the deliveries. Providers take as long over a message as"
          + " keeps every slot occupied; waits are shortened so that the run ends:",
      "dispatch.command.ttl.ms=8000, dispatch.call.max.ms=5000, clock.skew.max.ms=500,"
          + " dispatch.silence.ms=60000, dispatch.reissue.ms=200, dispatch.reissue.max.ms=2000,"
          + " dispatch.retry.first.ms=500, dispatch.retry.max.ms=3000,"
          + " dispatch.reconcile.first.ms=500, dispatch.reconcile.pause.max.ms=2000,"
          + " dispatch.reconcile.window.ms=3000, dispatch.reconcile.max.ms=60000,"
          + " dispatch.window.min=32, notifier.breaker.pause.ms=1000, smtp.timeout.read.ms=3000,"
          + " twilio.timeout.read.ms=3000; --set goes before them."
    })
public final class ChaosCommand implements Callable<Integer> {

  private enum Format {
    TABLE,
    JSON
  }

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = "--notices",
      defaultValue = "2000",
      description = "People, each with an e-mail and an SMS; ${DEFAULT-VALUE}.")
  private int notices;

  @Option(names = "--kills", defaultValue = "4", description = "SIGKILLs; ${DEFAULT-VALUE}.")
  private int kills;

  @Option(names = "--seed", defaultValue = "1", description = "Of everything; ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--faults",
      defaultValue = "0.05",
      description = "Share of the tries that something goes wrong with; ${DEFAULT-VALUE}.")
  private double faults;

  @Option(
      names = "--streams",
      defaultValue = "1",
      description = "Processes of intake, identifier and dispatcher; ${DEFAULT-VALUE}.")
  private int streams;

  @Option(names = "--notifiers", defaultValue = "2", description = "Notifiers; ${DEFAULT-VALUE}.")
  private int notifiers;

  @Option(
      names = "--slots",
      defaultValue = "16",
      description = "Attempts at a time, per notifier and channel; ${DEFAULT-VALUE}.")
  private int slots;

  @Option(
      names = "--pace",
      defaultValue = "6000",
      description = "About how many ms messages go out between two kills; ${DEFAULT-VALUE}.")
  private long pace;

  @Option(
      names = "--patience",
      defaultValue = "15000",
      description = "The most ms that no message may leave after a kill; ${DEFAULT-VALUE}.")
  private long patience;

  @Option(names = "--set", description = "A setting KEY=VALUE of every part.")
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
    PrintWriter err = spec.commandLine().getErr();
    ChaosPlan plan =
        new ChaosPlan(
            notices,
            kills,
            seed,
            faults,
            streams,
            notifiers,
            slots,
            Duration.ofMillis(pace),
            Duration.ofMillis(patience));
    Path folder =
        data == null
            ? Files.createTempDirectory("tocsin-chaos-")
            : Files.createDirectories(data.toAbsolutePath());
    Thread interrupted = Thread.ofPlatform().unstarted(() -> abandon(folder));
    if (!keep) {
      Runtime.getRuntime().addShutdownHook(interrupted);
    }
    try {
      long begun = System.nanoTime();
      Report report =
          new ChaosRun(
                  plan,
                  settings,
                  folder,
                  line ->
                      err.printf(
                          Locale.ROOT, "%7.1f s  %s%n", (System.nanoTime() - begun) / 1e9, line))
              .run();
      if (output == Format.JSON) {
        out.println(new ObjectMapper().writeValueAsString(report.figures()));
      } else {
        table(out, report.figures());
      }
      report.broken().forEach(err::println);
      return report.broken().isEmpty() ? 0 : 1;
    } finally {
      if (keep) {
        err.println("everything is kept in " + folder);
      } else if (Runtime.getRuntime().removeShutdownHook(interrupted)) {
        delete(folder);
      }
    }
  }

  private static void table(PrintWriter out, Map<String, Object> figures) {
    figures.forEach((name, value) -> {
      if (value instanceof List<?> list) {
        list.forEach(each -> out.printf("%-28s  %s%n", name, each));
      } else {
        out.printf("%-28s  %s%n", name, value);
      }
    });
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

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
