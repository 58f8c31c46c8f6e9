package io.tocsin.cli.stack;

import java.util.concurrent.CountDownLatch;

/**
 * Keeps a server command running until SIGTERM, SIGINT or the end of its parent, then closes it.
 */
final class ServerLife {

  private ServerLife() {}

  /**
   * Blocks until the process is asked to end; the server is closed before the process goes.
   *
   * @return the exit code, should the process not have been ended by a signal
   */
  static int run(AutoCloseable server, boolean watchStdin) throws InterruptedException {
    var closing = new Thread(() -> close(server), "close");
    Runtime.getRuntime().addShutdownHook(closing);
    if (watchStdin) {
      ParentWatch.start();
    }
    new CountDownLatch(1).await();
    return 0;
  }

  private static void close(AutoCloseable server) {
    try {
      server.close();
    } catch (Exception e) {
      throw new IllegalStateException("the server did not close cleanly", e);
    }
  }
}
