package io.tocsin.bench;

import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.Locale;

/** Tells a person what is being done, with the time since the beginning. */
public final class Progress {

  private final PrintWriter out;
  private final long begun = System.nanoTime();

  public Progress(PrintWriter out) {
    this.out = out;
  }

  /** One that tells nobody. */
  public static Progress silent() {
    return new Progress(new PrintWriter(Writer.nullWriter()));
  }

  /** Prints a line. */
  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency of its own
  public void say(String format, Object... arguments) {
    out.printf(
        Locale.ROOT,
        "%7.1f s  %s%n",
        elapsed().toMillis() / 1e3,
        String.format(Locale.ROOT, format, arguments));
    out.flush();
  }

  /** The time since the beginning. */
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - begun);
  }
}
