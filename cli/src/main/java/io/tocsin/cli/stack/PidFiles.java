package io.tocsin.cli.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file per running part: its process id and start time. After a SIGKILL of the stack, the next
 * start finds here what may still be running, and ends it before anything touches the same data.
 */
final class PidFiles {

  private static final Logger log = LoggerFactory.getLogger(PidFiles.class);
  private static final Duration END_WITHIN = Duration.ofSeconds(10);
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

  private final DataDir dataDir;

  PidFiles(DataDir dataDir) {
    this.dataDir = dataDir;
  }

  /** The JVM flag that marks a part's process as belonging to this data folder. */
  String marker(String name) {
    return "-Dtocsin.part=" + name + "@" + dataDir.root();
  }

  void write(String name, ProcessHandle process) throws IOException {
    var started = process.info().startInstant().orElse(Instant.EPOCH);
    Files.writeString(file(name), process.pid() + " " + started.toEpochMilli() + "\n");
  }

  void remove(String name) throws IOException {
    Files.deleteIfExists(file(name));
  }

  /**
   * Ends every leftover: SIGTERM, ten seconds, SIGKILL. A process is touched only if id, start time
   * and marker all match.
   */
  void endLeftovers() throws IOException {
    try (var files = Files.newDirectoryStream(dataDir.run(), "*.pid")) {
      for (var file : files) {
        var fileName = file.getFileName().toString();
        var name = fileName.substring(0, fileName.length() - ".pid".length());
        var leftover = find(name, Files.readString(file).strip().split(" ", 2));
        if (leftover.isPresent()) {
          log.atWarn()
              .addKeyValue("part", name)
              .addKeyValue("pid", leftover.get().pid())
              .log("Ending a part that the last stack left running");
          end(leftover.get());
        }
        Files.delete(file);
      }
    }
  }

  private Optional<ProcessHandle> find(String name, String[] pidAndStart) {
    if (pidAndStart.length != 2) {
      return Optional.empty();
    }
    var started = Instant.ofEpochMilli(Long.parseLong(pidAndStart[1]));
    return ProcessHandle.of(Long.parseLong(pidAndStart[0]))
        .filter(process -> startedAt(process, started) && isMarked(process, marker(name)));
  }

  private static boolean startedAt(ProcessHandle process, Instant expected) {
    return process
        .info()
        .startInstant()
        .filter(at -> Duration.between(at, expected).abs().compareTo(CLOCK_TOLERANCE) < 0)
        .isPresent();
  }

  private static boolean isMarked(ProcessHandle process, String marker) {
    return process
        .info()
        .arguments()
        .filter(arguments -> Arrays.asList(arguments).contains(marker))
        .isPresent();
  }

  private static void end(ProcessHandle process) throws IOException {
    process.destroy();
    try {
      process.onExit().get(END_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      process.destroyForcibly();
      process.onExit().join();
    } catch (ExecutionException e) {
      throw new IOException("the end of process " + process.pid() + " cannot be awaited", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while ending process " + process.pid(), e);
    }
  }

  private Path file(String name) {
    return dataDir.run().resolve(name + ".pid");
  }
}
