package io.tocsin.cli.stack;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A part of the stack that runs in a JVM of its own, by the same Java as this one.
 *
 * @param name its name: of its log, its pid file and in errors
 * @param jvmFlags heap and system properties
 * @param classPath what it runs from
 * @param mainClass what it runs; it must end when its standard input does ({@link ParentWatch})
 * @param arguments what its main class is given
 * @param environment variables added to this process's own; the place for secrets
 * @param workDir its working folder
 * @param readiness how it shows that it can be used
 * @param startWithin how long it may take to be ready
 * @param stopWithin how long it may take to end after SIGTERM, before SIGKILL
 */
public record JvmPart(
    String name,
    List<String> jvmFlags,
    String classPath,
    String mainClass,
    List<String> arguments,
    Map<String, String> environment,
    Path workDir,
    Readiness readiness,
    Duration startWithin,
    Duration stopWithin) {

  /**
   * What every JVM of the stack is started with. It shares two cores with five others and is young
   * for most of its life, so the quick compiler is the fast one: with the optimising one a demo of
   * 1,000 people took half as long again, and one of 50,000 gained nothing (PERFORMANCE.md).
   */
  static final List<String> SHARED_FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "--sun-misc-unsafe-memory-access=allow");

  private static final Duration START_WITHIN = Duration.ofMinutes(3);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(20);

  public JvmPart {
    jvmFlags = List.copyOf(jvmFlags);
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /**
   * A part that runs from this JVM's class path, ready within 3 minutes and stopped within 20 s.
   */
  public static JvmPart own(
      DataDir dataDir,
      String name,
      List<String> jvmFlags,
      String mainClass,
      List<String> arguments,
      Readiness readiness) {
    return new JvmPart(
        name,
        jvmFlags,
        absolute(System.getProperty("java.class.path")),
        mainClass,
        arguments,
        Map.of(),
        dataDir.root(),
        readiness,
        START_WITHIN,
        STOP_WITHIN);
  }

  /** The part runs in a folder of its own, from where a relative entry would lead nowhere. */
  private static String absolute(String classPath) {
    return Stream.of(classPath.split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** The same part with another environment variable. */
  public JvmPart withEnvironment(String variable, String value) {
    var variables = new LinkedHashMap<>(environment);
    variables.put(variable, value);
    return new JvmPart(
        name,
        jvmFlags,
        classPath,
        mainClass,
        arguments,
        variables,
        workDir,
        readiness,
        startWithin,
        stopWithin);
  }

  /** Leaves the environment out, which may hold secrets. */
  @Override
  public String toString() {
    return "JvmPart[" + name + "]";
  }

  /**
   * The command line. A terminal sends SIGINT and SIGHUP to every process in the foreground, but
   * the parts are to be stopped in order, by their parent: so the shell has them ignored, and turns
   * into Java, which leaves an ignored signal alone. Java's arguments begin with {@code marker}, by
   * which a leftover process is recognised; the class path goes into the environment, for the
   * system shows only the first 4 KB of a command line.
   *
   * @param marker a JVM flag without effect
   */
  List<String> command(String marker) {
    var command = new ArrayList<String>();
    command.addAll(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$0\" \"$@\""));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(marker);
    command.addAll(SHARED_FLAGS);
    command.addAll(jvmFlags);
    command.add(mainClass);
    command.addAll(arguments);
    return command;
  }
}
