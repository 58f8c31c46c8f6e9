package io.tocsin.system.fault;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * An SMTP server on 127.0.0.1 that does with every message what a script says. One virtual thread
 * per connection; messages are read and forgotten.
 */
public final class FaultySmtp implements AutoCloseable {

  private static final int BACKLOG = 1_024;

  private final SmtpScript script;
  private final Pace pace;
  private final int maxConnections;
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final LongAdder turnedAway = new LongAdder();
  private final LongAdder brokenOff = new LongAdder();

  /**
   * How long the server takes.
   *
   * @param answer before it answers the final dot
   * @param slow the same, for {@link SmtpFault#SLOW}
   */
  public record Pace(Duration answer, Duration slow) {

    /** At once, and half a second. */
    public static final Pace FAST = new Pace(Duration.ZERO, Duration.ofMillis(500));
  }

  /**
   * Listens on a free port.
   *
   * @param maxConnections further ones are told 421 and closed
   */
  public FaultySmtp(SmtpScript script, Pace pace, int maxConnections) throws IOException {
    this(0, script, pace, maxConnections);
  }

  /**
   * Listens.
   *
   * @param port where; 0 for a free one
   * @param maxConnections further ones are told 421 and closed
   */
  public FaultySmtp(int port, SmtpScript script, Pace pace, int maxConnections) throws IOException {
    this.script = script;
    this.pace = pace;
    this.maxConnections = maxConnections;
    this.server = new ServerSocket(port, BACKLOG, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofPlatform().name("faulty-smtp").daemon().start(this::accept);
  }

  /** Where it listens. */
  public int port() {
    return server.getLocalPort();
  }

  /** Connections that were one too many. */
  public long turnedAway() {
    return turnedAway.sum();
  }

  /** Connections that the other side left in the middle of something. */
  public long brokenOff() {
    return brokenOff.sum();
  }

  /** Stops listening and closes every connection. */
  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new IllegalStateException("the stand-in can accept no more connections", e);
        }
      }
    }
  }

  private void serve(Socket socket) {
    int number = connections.incrementAndGet();
    open.add(socket);
    try (socket) {
      socket.setTcpNoDelay(true);
      SmtpConversation conversation = new SmtpConversation(socket, script, pace);
      if (number > maxConnections) {
        turnedAway.increment();
        conversation.turnAway();
      } else {
        conversation.run();
      }
    } catch (IOException e) {
      brokenOff.increment();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
      connections.decrementAndGet();
    }
  }
}
