package io.tocsin.system;

import io.tocsin.system.chaos.ChaosCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The system tests' command line. */
@Command(
    name = "system-tests/run",
    mixinStandardHelpOptions = true,
    description = "Runs whole processes of Tocsin against providers that misbehave.",
    subcommands = ChaosCommand.class)
public final class SystemTests {

  private SystemTests() {}

  /**
   * Runs the command line and ends the process with its exit code: 0 ok, 1 a bound was broken or
   * the run failed, 2 usage.
   */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command line, ready to execute. */
  public static CommandLine commandLine() {
    return new CommandLine(new SystemTests())
        .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
        .setCaseInsensitiveEnumValuesAllowed(true);
  }
}
