package io.tocsin.bench;

import io.tocsin.bench.identify.FkJoinCommand;
import io.tocsin.bench.identify.IdentifyCommand;
import io.tocsin.bench.latency.LatencyCommand;
import io.tocsin.bench.tell.SmsCommand;
import io.tocsin.bench.tell.SmtpCommand;
import io.tocsin.bench.tell.TwilioServerCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The benchmarks' command line. */
@Command(
    name = "bench/run",
    mixinStandardHelpOptions = true,
    description = "Measures Tocsin against what people would use instead.",
    subcommands = {
      IdentifyCommand.class,
      SmtpCommand.class,
      SmsCommand.class,
      LatencyCommand.class,
      FkJoinCommand.class,
      TwilioServerCommand.class
    })
public final class Bench {

  private Bench() {}

  /** Runs the command line and ends the process with its exit code: 0 ok, 1 failed, 2 usage. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command line, ready to execute. */
  public static CommandLine commandLine() {
    return new CommandLine(new Bench())
        .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
        .setCaseInsensitiveEnumValuesAllowed(true);
  }
}
