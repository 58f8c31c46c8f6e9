package io.tocsin.cli.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A part that was started and became ready. */
public final class StartedPart {

  private static final Duration LOG_WITHIN = Duration.ofSeconds(2);

  private final JvmPart part;
  private final Process process;
  private final PartLog log;
  private final Thread logging;
  private volatile boolean stopping;

  StartedPart(JvmPart part, Process process, PartLog log, Thread logging) {
    this.part = part;
    this.process = process;
    this.log = log;
    this.logging = logging;
  }

  public String name() {
    return part.name();
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public Path logFile() {
    return log.file();
  }

  /** Whether {@link #stop} was asked for, as opposed to an end of its own. */
  public boolean isStopping() {
    return stopping;
  }

  /** Completes with the exit code when the process has ended. */
  public CompletableFuture<Integer> exit() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /** One sentence on an end of its own: the exit code and the last line of its log. */
  public String epitaph() {
    var words = new StringBuilder("The part " + name() + " ended");
    if (!process.isAlive()) {
      words.append(" with exit code ").append(process.exitValue());
    }
    if (!log.lastLine().isEmpty()) {
      words.append(": ").append(log.lastLine());
    }
    return words.append(" (more in ").append(log.file()).append(')').toString();
  }

  /**
   * Asks the process to end (SIGTERM) and makes it (SIGKILL) when it takes too long.
   *
   * @return whether it ended by itself in time
   * @throws InterruptedException if the thread is interrupted; the process is then killed
   */
  public boolean stop() throws InterruptedException {
    stopping = true;
    // By its handle: Process.destroy would also close the pipe and lose the part's last lines.
    process.toHandle().destroy();
    try {
      if (process.waitFor(part.stopWithin().toMillis(), TimeUnit.MILLISECONDS)) {
        awaitLog();
        return true;
      }
    } catch (InterruptedException e) {
      process.toHandle().destroyForcibly();
      throw e;
    }
    kill();
    return false;
  }

  /** Kills the process at once (SIGKILL) and returns when it is gone. */
  public void kill() throws InterruptedException {
    stopping = true;
    process.toHandle().destroyForcibly();
    process.waitFor();
    awaitLog();
  }

  /** Waits until the output of a process that has ended is in its log. */
  void awaitLog() throws InterruptedException {
    logging.join(LOG_WITHIN);
  }
}
