package io.tocsin.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows on standard error how far something is, once it has taken two seconds from its first step:
 * a bar on a terminal, a line every five seconds elsewhere. Not thread-safe.
 */
public final class Progress implements AutoCloseable {

  private static final Duration QUIET = Duration.ofSeconds(2);
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

  private final PrintWriter err;
  private final String task;
  private final String unit;
  private final boolean terminal;

  private long total;
  private long done;
  private long begun;
  private long lastLine;
  private @Nullable ProgressBar bar;

  /**
   * Begins.
   *
   * @param task what is being done, as in "Importing users"
   * @param unit what is counted, as in "rows"
   * @param total how many there are; 0 or less if that is not known
   */
  public Progress(PrintWriter err, String task, String unit, long total) {
    this.err = err;
    this.task = task;
    this.unit = unit;
    this.total = total;
    this.terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  /** Some more are done. */
  public void advance(long more) {
    reach(done + more);
  }

  /** So many are done in all. */
  public void reach(long count) {
    done = count;
    long now = System.nanoTime();
    if (begun == 0) {
      begun = now;
      lastLine = now + QUIET.toNanos() - BETWEEN_LINES.toNanos();
    }
    if (now - begun < QUIET.toNanos()) {
      return;
    }
    if (terminal) {
      bar().stepTo(done);
    } else if (now - lastLine >= BETWEEN_LINES.toNanos()) {
      lastLine = now;
      err.println(line());
      err.flush();
    }
  }

  /** It has become known how many there are. */
  public void expect(long count) {
    total = count;
    if (bar != null) {
      bar.maxHint(count);
    }
  }

  /** How many are done. */
  public long done() {
    return done;
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }

  private String line() {
    return total > 0
        ? "%s: %d of %d %s (%d %%)"
            .formatted(task, done, total, unit, Math.min(100, 100 * done / total))
        : "%s: %d %s".formatted(task, done, unit);
  }

  private ProgressBar bar() {
    ProgressBar known = bar;
    if (known == null) {
      known =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setUnit(" " + unit, 1)
              .setInitialMax(total > 0 ? total : -1)
              .setStyle(ProgressBarStyle.ASCII)
              .showSpeed()
              .setConsumer(new ConsoleProgressBarConsumer(System.err))
              .build();
      bar = known;
    }
    return known;
  }
}
