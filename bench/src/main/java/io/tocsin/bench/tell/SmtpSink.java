package io.tocsin.bench.tell;

import io.tocsin.cli.stack.Ports;
import io.tocsin.cli.stack.Readiness;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Postfix's smtp-sink on 127.0.0.1: it takes every message and keeps none. */
final class SmtpSink implements AutoCloseable {

  private static final String BACKLOG = "1000";
  private static final Duration START_WITHIN = Duration.ofSeconds(10);
  private static final int LOOK_EVERY_MILLIS = 20;

  private final Process process;
  private final int port;

  private SmtpSink(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts one on a free port.
   *
   * @param log gets what it prints
   */
  static SmtpSink start(Path program, Path log) throws Exception {
    int port = Ports.settle(Map.of("smtp-sink", 0)).of("smtp-sink");
    List<String> command = new ArrayList<>(List.of(program.toString()));
    if ("root".equals(System.getProperty("user.name"))) {
      // It refuses to go on as root.
      command.addAll(List.of("-u", "nobody"));
    }
    command.addAll(List.of("127.0.0.1:" + port, BACKLOG));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    SmtpSink sink = new SmtpSink(process, port);
    try {
      sink.awaitReady(log);
      return sink;
    } catch (Exception | Error e) {
      sink.close();
      throw e;
    }
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().orTimeout(5, TimeUnit.SECONDS).join();
  }

  private void awaitReady(Path log) throws InterruptedException {
    Readiness readiness = new Readiness.Listening(port);
    long deadline = System.nanoTime() + START_WITHIN.toNanos();
    while (readiness.missing().isPresent()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException("smtp-sink does not listen; see " + log);
      }
      Thread.sleep(LOOK_EVERY_MILLIS);
    }
  }
}
