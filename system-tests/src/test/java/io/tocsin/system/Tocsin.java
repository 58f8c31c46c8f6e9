package io.tocsin.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The {@code tocsin} launcher as a user runs it: a process of its own, told nothing but its command
 * line. Its output goes to files, so that no pipe fills up and a killed process still leaves what
 * it said.
 */
final class Tocsin {

  private static final Duration COMMAND_WITHIN = Duration.ofSeconds(90);

  private Tocsin() {}

  /** A command that has ended. */
  record Result(List<String> command, int exitCode, String out, String err) {

    /** The last line of the output as JSON. */
    JsonNode json() {
      return Json.read(out.strip().lines().reduce("", (before, line) -> line));
    }

    /** Fails unless the command did what it was asked for. */
    Result ok() {
      if (exitCode != 0) {
        throw new AssertionError(this + " exited with " + exitCode + "\n" + err);
      }
      return this;
    }

    @Override
    public String toString() {
      return "tocsin " + String.join(" ", command);
    }
  }

  /** Runs a command to its end, with its output kept in a folder. */
  static Result run(Path outputs, List<String> arguments) throws IOException, InterruptedException {
    return run(outputs, COMMAND_WITHIN, arguments);
  }

  /** Runs a command to its end, which must come within a time. */
  static Result run(Path outputs, Duration within, List<String> arguments)
      throws IOException, InterruptedException {
    Started started = start(outputs, arguments);
    if (!started.process().waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
      Processes.kill(Processes.tree(started.process().toHandle()));
      throw new AssertionError(
          "tocsin %s has not ended within %s\n%s\n%s"
              .formatted(String.join(" ", arguments), within, started.out(), started.err()));
    }
    return new Result(arguments, started.process().exitValue(), started.out(), started.err());
  }

  /** A command that may still be running. */
  record Started(Process process, Path outFile, Path errFile) {

    /** What it has printed so far. */
    String out() throws IOException {
      return Files.readString(outFile);
    }

    /** What it has said on standard error so far. */
    String err() throws IOException {
      return Files.readString(errFile);
    }
  }

  /** Starts a command. */
  static Started start(Path outputs, List<String> arguments) throws IOException {
    Path home = home();
    if (!Files.exists(home.resolve("cli/target/tocsin.jar"))) {
      throw new IllegalStateException("The command is not built: mvn -pl cli -am package first");
    }
    Files.createDirectories(outputs);
    Path out = Files.createTempFile(outputs, "tocsin", ".out");
    Path err = Files.createTempFile(outputs, "tocsin", ".err");
    List<String> command = new ArrayList<>(List.of(home.resolve("tocsin").toString()));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(outputs.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("TOCSIN_"));
    environment.put("TOCSIN_JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    Processes.endWithThisOne(process.toHandle());
    return new Started(process, out, err);
  }

  private static Path home() {
    String home = System.getProperty("tocsin.home", "..");
    return Path.of(home).toAbsolutePath().normalize();
  }
}
