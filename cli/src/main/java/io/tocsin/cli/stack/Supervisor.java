package io.tocsin.cli.stack;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the parts of a stack as processes, watches them, and stops them in the reverse order.
 *
 * <p>A data folder has one supervisor at a time. Parts end with it, however it ends: their standard
 * input is a pipe from this process, and a part that outlives even that is ended by the next
 * supervisor. Safe for use by several threads, so that independent parts can start at the same
 * time.
 */
public final class Supervisor implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Supervisor.class);
  private static final int LOOK_EVERY_MILLIS = 20;

  private final DataDir dataDir;
  private final DataDirLock lock;
  private final PidFiles pidFiles;
  private final Consumer<StartedPart> onUnexpectedEnd;
  private final SequencedMap<String, StartedPart> parts = new LinkedHashMap<>();
  private boolean closed;

  private Supervisor(DataDir dataDir, DataDirLock lock, Consumer<StartedPart> onUnexpectedEnd) {
    this.dataDir = dataDir;
    this.lock = lock;
    this.pidFiles = new PidFiles(dataDir);
    this.onUnexpectedEnd = onUnexpectedEnd;
  }

  /**
   * Takes a data folder and ends what an earlier stack may have left running on it.
   *
   * @param onUnexpectedEnd told, on another thread, of a part that ended without having been
   *     stopped
   * @throws StackException if another stack uses the folder or it cannot be written
   */
  public static Supervisor of(DataDir dataDir, Consumer<StartedPart> onUnexpectedEnd)
      throws StackException {
    var lock = DataDirLock.take(dataDir);
    var supervisor = new Supervisor(dataDir, lock, onUnexpectedEnd);
    try {
      supervisor.pidFiles.endLeftovers();
      return supervisor;
    } catch (IOException e) {
      supervisor.release();
      throw new StackException("What the last stack left running cannot be ended", e);
    }
  }

  /**
   * Starts a part and returns when it is ready.
   *
   * @throws StackException if it ends before that or takes too long; it is then gone
   * @throws InterruptedException if the thread is interrupted; the part is then gone
   */
  public StartedPart start(JvmPart part) throws StackException, InterruptedException {
    long begin = System.nanoTime();
    var started = spawn(part);
    try {
      awaitReady(part, started, begin);
    } catch (StackException | InterruptedException e) {
      started.kill();
      throw e;
    }
    var _ = started.exit().thenAccept(code -> ended(started));
    log.atInfo()
        .addKeyValue("part", part.name())
        .addKeyValue("pid", started.pid())
        .addKeyValue("millis", (System.nanoTime() - begin) / 1_000_000)
        .log("Part ready");
    return started;
  }

  /** The process ids of the parts started, by name, in the order of their start. */
  public synchronized Map<String, Long> pids() {
    var pids = new LinkedHashMap<String, Long>();
    parts.forEach((name, part) -> pids.put(name, part.pid()));
    return pids;
  }

  private synchronized StartedPart spawn(JvmPart part) throws StackException {
    if (closed) {
      throw new StackException("The stack is stopping");
    }
    var before = parts.get(part.name());
    if (before != null && before.isAlive()) {
      throw new StackException("The part " + part.name() + " is running already");
    }
    try {
      var builder =
          new ProcessBuilder(part.command(pidFiles.marker(part.name())))
              .directory(part.workDir().toFile())
              .redirectErrorStream(true);
      builder.environment().putAll(part.environment());
      builder.environment().put("CLASSPATH", part.classPath());
      var process = builder.start();
      pidFiles.write(part.name(), process.toHandle());
      var output = new PartLog(dataDir.logs(), part.name());
      var logging =
          Thread.ofPlatform()
              .name("log-" + part.name())
              .daemon()
              .start(() -> keepOutput(part, process, output));
      var started = new StartedPart(part, process, output, logging);
      parts.putLast(part.name(), started);
      return started;
    } catch (IOException e) {
      throw new StackException("The part " + part.name() + " cannot be started", e);
    }
  }

  private static void keepOutput(JvmPart part, Process process, PartLog output) {
    try {
      output.copy(process.getInputStream());
    } catch (IOException e) {
      // Without a reader the part would block on its next line, so end it: its end is reported.
      log.atError().addKeyValue("part", part.name()).setCause(e).log("Log cannot be written");
      process.toHandle().destroyForcibly();
    }
  }

  private static void awaitReady(JvmPart part, StartedPart started, long begin)
      throws StackException, InterruptedException {
    long deadline = begin + part.startWithin().toNanos();
    Optional<String> missing = part.readiness().missing();
    while (missing.isPresent()) {
      requireAlive(started);
      if (System.nanoTime() > deadline) {
        throw new StackException(
            "The part %s was not ready within %d s: %s (more in %s)"
                .formatted(
                    part.name(), part.startWithin().toSeconds(), missing.get(), started.logFile()));
      }
      Thread.sleep(LOOK_EVERY_MILLIS);
      missing = part.readiness().missing();
    }
    requireAlive(started);
  }

  private static void requireAlive(StartedPart started)
      throws StackException, InterruptedException {
    if (!started.isAlive()) {
      started.awaitLog();
      throw new StackException(started.epitaph());
    }
  }

  private void ended(StartedPart part) {
    if (part.isStopping()) {
      return;
    }
    try {
      part.awaitLog();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    onUnexpectedEnd.accept(part);
  }

  /**
   * Stops every part, the last started first. A second call does nothing.
   *
   * @throws StackException if the thread is interrupted, once every part has been killed
   */
  @Override
  public void close() throws StackException {
    var toStop = stopping();
    boolean interrupted = false;
    for (var part : toStop.values()) {
      try {
        if (interrupted) {
          part.kill();
        } else if (!part.stop()) {
          log.atWarn().addKeyValue("part", part.name()).log("Part had to be killed");
        }
        pidFiles.remove(part.name());
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (IOException e) {
        throw new StackException("The pid file of " + part.name() + " cannot be removed", e);
      }
    }
    release();
    if (interrupted) {
      Thread.currentThread().interrupt();
      throw new StackException("The stop was interrupted, so the parts were killed");
    }
  }

  private synchronized SequencedMap<String, StartedPart> stopping() {
    closed = true;
    var toStop = new LinkedHashMap<>(parts.reversed());
    parts.clear();
    return toStop;
  }

  private void release() throws StackException {
    try {
      lock.close();
    } catch (IOException e) {
      throw new StackException("The data folder's lock cannot be released", e);
    }
  }
}
