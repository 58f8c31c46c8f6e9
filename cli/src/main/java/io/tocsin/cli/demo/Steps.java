package io.tocsin.cli.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Runs the steps of a start, several at a time, and tells those that took long. */
final class Steps {

  private static final Duration SLOW = Duration.ofMillis(500);

  private final PrintWriter out;
  private final long begun = System.nanoTime();

  /**
   * Prints to a writer.
   *
   * @param out usually standard error
   */
  Steps(PrintWriter out) {
    this.out = out;
  }

  /** Runs a step now. */
  <T> T run(String what, Callable<T> step) throws Exception {
    long start = System.nanoTime();
    T result = step.call();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    if (took.compareTo(SLOW) >= 0) {
      say(what + " (" + seconds(took) + ")");
    }
    return result;
  }

  /** Runs a step on a thread of its own. */
  <T> CompletableFuture<T> fork(String what, Callable<T> step) {
    CompletableFuture<T> future = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("step " + what)
        .start(() -> {
          try {
            future.complete(run(what, step));
          } catch (Exception e) {
            future.completeExceptionally(e);
          }
        });
    return future;
  }

  /** Waits for a forked step; what it threw is thrown here. */
  static <T> T join(CompletableFuture<T> step) throws Exception {
    try {
      return step.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Prints a line with the time since the start. */
  void say(String line) {
    synchronized (out) {
      out.printf(Locale.ROOT, "[%5s] ", seconds(sinceBegun()));
      out.println(line);
      out.flush();
    }
  }

  /** Time since the first step. */
  Duration sinceBegun() {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /** Seconds with one decimal. */
  static double inSeconds(Duration duration) {
    return Math.round(duration.toMillis() / 100.0) / 10.0;
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1fs", duration.toMillis() / 1000.0);
  }
}
