package io.tocsin.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the threads that do a part's work are doing, to explain why it is not ready. */
final class ThreadStacks {

  /** The header of a thread in a dump; its stack follows up to the next blank line. */
  private static final Pattern WORKING =
      Pattern.compile("^\"(main|tocsin-[^\"]*-(StreamThread|StateUpdater)-\\d+|notifier-[a-z]+)\"");

  private static final int MOST_SECONDS = 20;

  private ThreadStacks() {}

  /** The stacks of every JVM below a process. */
  static String below(ProcessHandle root) throws IOException, InterruptedException {
    StringBuilder stacks = new StringBuilder();
    for (ProcessHandle each : root.descendants().toList()) {
      List<String> working = working(dump(each.pid()));
      if (!working.isEmpty()) {
        stacks.append("\n--- stacks of ").append(partOf(each)).append('\n');
        stacks.append(String.join("\n\n", working)).append('\n');
      }
    }
    return stacks.toString();
  }

  static List<String> working(String dump) {
    return Stream.of(dump.split("\\R\\s*\\R"))
        .map(String::strip)
        .filter(stack -> WORKING.matcher(stack).find())
        .toList();
  }

  private static String partOf(ProcessHandle process) {
    return process
            .info()
            .arguments()
            .map(arguments ->
                Stream.of(arguments)
                    .filter(argument -> argument.startsWith("-Dtocsin.part="))
                    .collect(Collectors.joining()))
            .orElse("")
        + " "
        + process.pid();
  }

  /** Empty if the process is no JVM, or has ended. */
  private static String dump(long pid) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Path output = Files.createTempFile("stacks", ".txt");
    try {
      Process dump =
          new ProcessBuilder(jcmd.toString(), Long.toString(pid), "Thread.print")
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!dump.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
        dump.destroyForcibly().waitFor();
      }
      return Files.readString(output, StandardCharsets.UTF_8);
    } finally {
      Files.delete(output);
    }
  }
}
