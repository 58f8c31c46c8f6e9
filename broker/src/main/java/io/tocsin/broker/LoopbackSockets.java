package io.tocsin.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * Server sockets bound before the broker is configured, so that no other process can take a free
 * port between choosing and using it.
 */
final class LoopbackSockets implements ServerSocketFactory, AutoCloseable {

  private static final int BACKLOG = 128;

  private final Map<Integer, ServerSocketChannel> bound = new ConcurrentHashMap<>();

  /**
   * Binds a port of 127.0.0.1.
   *
   * @param port the port, or 0 for any free one
   * @return the port bound
   * @throws IOException if it is taken
   */
  int bind(int port) throws IOException {
    var channel = ServerSocketChannel.open();
    try {
      channel.configureBlocking(false);
      channel.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), BACKLOG);
    } catch (IOException e) {
      channel.close();
      throw new IOException("port " + port + " of 127.0.0.1 is taken", e);
    }
    int actual = channel.socket().getLocalPort();
    bound.put(actual, channel);
    return actual;
  }

  @Override
  public ServerSocketChannel openServerSocket(
      String listenerName, InetSocketAddress address, int backlog, int receiveBufferSize)
      throws IOException {
    var channel = bound.remove(address.getPort());
    if (channel == null) {
      throw new IOException("no socket was bound for listener " + listenerName);
    }
    return channel;
  }

  /** Closes what no listener has taken. */
  @Override
  public void close() throws IOException {
    for (var channel : bound.values()) {
      channel.close();
    }
    bound.clear();
  }
}
