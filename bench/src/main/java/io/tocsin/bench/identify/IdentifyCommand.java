package io.tocsin.bench.identify;

import io.tocsin.bench.Goal;
import io.tocsin.bench.RunOptions;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  private static final List<Goal> GOALS =
      List.of(
          Goal.atLeast("fan-out, ours / foreign-key join", "fanout.vsFkJoin", 2),
          Goal.atLeast("fan-out, ours / plain producer", "fanout.vsProducer", 0.15),
          Goal.atLeast("fan-out, join / producer", "fanout.fkJoinVsProducer", 0.09),
          Goal.atLeast("ingest, ours / foreign-key join", "ingest.vsFkJoin", 3),
          Goal.atMost("first affected user after publish, idle, ms", "firstAffectedMs", 500),
          Goal.atMost("scan, large store / small store", "scanVsSmallStore", 1.3),
          Goal.atMost("peak RSS, MB", "peakRssMb", 1536),
          Goal.atLeast("ingest during a scan / without", "ingest.duringScan", 0.4),
          Goal.atMost("restart after a clean stop, s", "restartSeconds.clean", 30),
          Goal.atMost("restart after SIGKILL, s", "restartSeconds.sigkill", 120),
          Goal.atMost("largest transaction, ms", "largestTransaction.ms", 10_000));

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

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private RunOptions options;

  @Override
  public Integer call() throws Exception {
    Workload workload = new Workload(holdings, affected == null ? holdings : affected, rounds);
    Set<Leg> left = legsLeftOut();
    return options.run(
        spec,
        GOALS,
        (folder, settings, progress) ->
            new IdentifyBench(workload, partitions, threads, left, settings, folder, progress)
                .run()
                .figures());
  }

  private Set<Leg> legsLeftOut() {
    EnumSet<Leg> legs = EnumSet.noneOf(Leg.class);
    for (String name : without) {
      legs.add(Leg.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')));
    }
    return legs;
  }
}
