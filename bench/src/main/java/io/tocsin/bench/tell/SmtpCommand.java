package io.tocsin.bench.tell;

import io.tocsin.bench.Goal;
import io.tocsin.bench.RunOptions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench/run smtp}. Every figure is measured in the run that prints it. */
@Command(
    name = "smtp",
    mixinStandardHelpOptions = true,
    description =
        "Measures e-mail from commands that wait in Kafka to outcomes in Kafka, against smtp-source"
            + " and nodemailer into the same smtp-sink (Debian's package postfix has both).")
public final class SmtpCommand implements Callable<Integer> {

  private static final List<Goal> GOALS =
      List.of(
          Goal.atLeast("e-mail, ours / smtp-source", "vsSmtpSource", 0.15),
          Goal.atLeast("e-mail, ours / nodemailer", "vsNodemailer", 1),
          Goal.atMost("peak RSS of the notifier, MB", "peakRssMb", 512));

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = "--messages",
      defaultValue = "50000",
      description = "Messages of a round; ${DEFAULT-VALUE}.")
  private int messages;

  @Option(
      names = "--sessions",
      defaultValue = "32",
      description =
          "SMTP connections of each, and attempts of the notifier at a time; ${DEFAULT-VALUE}.")
  private int sessions;

  @Option(
      names = "--partitions",
      defaultValue = "8",
      description = "Partitions of the commands; ${DEFAULT-VALUE}.")
  private int partitions;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Rounds, of which the middle one counts; ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--without",
      split = ",",
      description = "Leaves out some of: smtp-source, nodemailer.")
  private Set<String> without = Set.of();

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private RunOptions options;

  @Override
  public Integer call() throws Exception {
    return options.run(
        spec,
        GOALS,
        (folder, settings, progress) ->
            new SmtpBench(
                    messages, sessions, partitions, rounds, without, settings, folder, progress)
                .run());
  }
}
