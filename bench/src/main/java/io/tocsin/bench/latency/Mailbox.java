package io.tocsin.bench.latency;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.server.SMTPServer;

/**
 * An SMTP server in this process that keeps nothing but when messages arrived, by the crowd that
 * their recipient belongs to: what stands before the first hyphen of an address.
 */
final class Mailbox implements AutoCloseable {

  private static final int CONNECTIONS = 200;

  /** Arrivals of one crowd's messages; times are of {@link System#nanoTime()}. */
  static final class Crowd {

    private long count;
    private long counted;
    private long firstNanos;
    private long lastNanos;

    private synchronized void arrived(long nanos) {
      if (count == counted) {
        firstNanos = nanos;
      }
      count++;
      lastNanos = nanos;
      notifyAll();
    }

    /** Messages since the server was started. */
    synchronized long count() {
      return count;
    }

    /** Begins a new round: the next message is its first. */
    synchronized void begin() {
      counted = count;
    }

    /**
     * Waits until the round has so many messages.
     *
     * @return when the first of them came
     * @throws IllegalStateException if they do not come in time
     */
    synchronized long awaitFirst(long messages, Duration patience) throws InterruptedException {
      long deadline = System.nanoTime() + patience.toNanos();
      while (count - counted < messages) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          throw new IllegalStateException(
              "Only %d of %d messages came within %d s"
                  .formatted(count - counted, messages, patience.toSeconds()));
        }
        wait(left);
      }
      return firstNanos;
    }

    /** Waits until no message has come for a while; returns when the last one came. */
    synchronized long awaitQuiet(Duration quiet) throws InterruptedException {
      while (true) {
        long left = TimeUnit.NANOSECONDS.toMillis(lastNanos + quiet.toNanos() - System.nanoTime());
        if (left <= 0) {
          return lastNanos;
        }
        wait(left);
      }
    }
  }

  private final ConcurrentHashMap<String, Crowd> crowds = new ConcurrentHashMap<>();
  private final SMTPServer server;

  /** Starts listening on a free port of 127.0.0.1. */
  Mailbox() {
    server =
        SMTPServer.port(0)
            .bindAddress(InetAddress.ofLiteral("127.0.0.1"))
            .hostName("localhost")
            .maxConnections(CONNECTIONS)
            .insertReceivedHeaders(false)
            .executorService(Executors.newVirtualThreadPerTaskExecutor())
            .messageHandlerFactory(context -> new Transaction())
            .build();
    server.start();
  }

  int port() {
    return server.getPortAllocated();
  }

  Crowd crowd(String name) {
    return crowds.computeIfAbsent(name, n -> new Crowd());
  }

  @Override
  public void close() {
    server.stop();
  }

  private final class Transaction implements MessageHandler {

    private String crowd = "";

    @Override
    public void from(String from) {}

    @Override
    public void recipient(String recipient) {
      crowd = recipient.substring(0, Math.max(0, recipient.indexOf('-')));
    }

    @Override
    public String data(InputStream data) throws IOException {
      data.transferTo(OutputStream.nullOutputStream());
      crowd(crowd).arrived(System.nanoTime());
      return "2.0.0 Taken";
    }

    @Override
    public void done() {}
  }
}
