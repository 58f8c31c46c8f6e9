package io.tocsin.cli.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/**
 * Ties a part's life to the process that started it.
 *
 * <p>The parent holds the other end of the part's standard input and never writes to it. When the
 * parent is gone, for whatever reason, the input ends; the part then stops as on SIGTERM, or within
 * ten seconds without ado.
 *
 * <p>Needs nothing but the JDK, for it also runs inside the registry's process.
 */
public final class ParentWatch {

  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

  private ParentWatch() {}

  /** Starts watching standard input. */
  public static void start() {
    Thread.ofPlatform().name("parent-watch").daemon().start(() -> watch(System.in));
  }

  private static void watch(InputStream in) {
    awaitEnd(in);
    Thread.ofPlatform().name("parent-watch-deadline").daemon().start(ParentWatch::haltLater);
    System.exit(0);
  }

  private static void awaitEnd(InputStream in) {
    try {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // A broken pipe says the same as its end: the parent is gone.
      return;
    }
  }

  private static void haltLater() {
    try {
      Thread.sleep(STOP_WITHIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(1);
  }
}
