package io.tocsin.bench.tell;

import io.tocsin.bench.Figures;
import io.tocsin.bench.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Postfix's smtp-source: one thread that says the same over kept connections as fast as it is
 * answered. It renders nothing and remembers nothing.
 *
 * @param port of the server it sends to
 * @param sessions how many connections
 * @param length the octets of a body, which it fills with X
 */
record SmtpSourcePeer(Path program, int port, int sessions, int length, Progress progress) {

  private static final int MINUTES = 5;

  /** Sends so many messages; returns the seconds it took. */
  double round(int messages) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    Process process =
        new ProcessBuilder(
                List.of(
                    program.toString(),
                    "-d",
                    "-s",
                    Integer.toString(sessions),
                    "-l",
                    Integer.toString(length),
                    "-m",
                    Integer.toString(messages),
                    "-f",
                    "notices@example.com",
                    "-t",
                    "person@example.com",
                    "127.0.0.1:" + port))
            .inheritIO()
            .start();
    try {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IllegalStateException("smtp-source failed");
      }
    } finally {
      process.destroyForcibly();
    }
    double seconds = Figures.seconds(begun, System.nanoTime());
    progress.say(
        "smtp-source: %,d messages in %.2f s, %,d/s",
        messages, seconds, Figures.rate(messages, seconds));
    return seconds;
  }
}
