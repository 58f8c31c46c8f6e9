package io.tocsin.bench.tell;

import io.tocsin.bench.Goal;
import io.tocsin.bench.RunOptions;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench/run sms}. Every figure is measured in the run that prints it. */
@Command(
    name = "sms",
    mixinStandardHelpOptions = true,
    description =
        "Measures SMS from commands that wait in Kafka to outcomes in Kafka, against a bare loop of"
            + " the JDK's HttpClient that posts the same forms to the same server.")
public final class SmsCommand implements Callable<Integer> {

  private static final List<Goal> GOALS =
      List.of(
          Goal.atLeast("SMS, ours / HttpClient", "vsHttpClient", 0.5),
          Goal.atMost("peak RSS of the notifier, MB", "peakRssMb", 512));

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = "--messages",
      defaultValue = "20000",
      description = "Messages of a round; ${DEFAULT-VALUE}.")
  private int messages;

  @Option(
      names = "--sessions",
      defaultValue = "32",
      description = "Requests of each at a time; ${DEFAULT-VALUE}.")
  private int sessions;

  @Option(
      names = "--partitions",
      defaultValue = "8",
      description = "Partitions of the commands; ${DEFAULT-VALUE}.")
  private int partitions;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Rounds, of which the middle one counts; ${DEFAULT-VALUE}.")
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
            new SmsBench(messages, sessions, partitions, rounds, settings, folder, progress).run());
  }
}
