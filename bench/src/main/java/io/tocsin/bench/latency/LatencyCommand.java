package io.tocsin.bench.latency;

import io.tocsin.bench.Goal;
import io.tocsin.bench.RunOptions;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench/run latency}. Every figure is measured in the run that prints it. */
@Command(
    name = "latency",
    mixinStandardHelpOptions = true,
    description =
        "Measures how soon the first person is told when nothing else is going on and beside a"
            + " large incident, and how soon a hold bites.")
public final class LatencyCommand implements Callable<Integer> {

  private static final List<Goal> GOALS =
      List.of(
          Goal.atMost("publish to first message, idle, ms", "publishToFirstMs", 1_000),
          Goal.atMost(
              "publish to first message beside a large one, ms", "secondIncidentFirstMs", 5_000),
          Goal.atMost("hold to last message, ms", "holdToLastMs", 2_000),
          Goal.atMost("heap of the notifier, MB", "notifierHeapMb", 512));

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = "--people",
      defaultValue = "1000000",
      description = "People of the large incident; ${DEFAULT-VALUE}.")
  private int people;

  @Option(
      names = "--partitions",
      defaultValue = "4",
      description = "Partitions of users and holdings; ${DEFAULT-VALUE}.")
  private int partitions;

  @Option(
      names = "--rounds",
      defaultValue = "9",
      description =
          "How often each is measured, a hold a third as often; the middle one counts;"
              + " ${DEFAULT-VALUE}.")
  private int rounds;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private RunOptions options;

  @Override
  public Integer call() throws Exception {
    return options.run(
        spec,
        GOALS,
        (folder, settings, progress) ->
            new LatencyBench(people, partitions, rounds, settings, folder, progress).run());
  }
}
