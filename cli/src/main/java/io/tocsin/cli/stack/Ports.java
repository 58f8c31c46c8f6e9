package io.tocsin.cli.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The ports on 127.0.0.1 that the parts will listen on.
 *
 * @param byPart the port of each part
 */
public record Ports(Map<String, Integer> byPart) {

  /**
   * Settles every part's port, no two alike.
   *
   * @param wanted by part, the port asked for, or 0 for any free one
   * @return the ports to use, free at this moment
   * @throws StackException if a port asked for is taken
   */
  public static Ports settle(Map<String, Integer> wanted) throws StackException {
    var held = new ArrayList<ServerSocket>();
    try {
      var settled = new LinkedHashMap<String, Integer>();
      for (var part : wanted.entrySet()) {
        var socket = hold(part.getKey(), part.getValue());
        held.add(socket);
        settled.put(part.getKey(), socket.getLocalPort());
      }
      return new Ports(settled);
    } finally {
      release(held);
    }
  }

  /**
   * The port of a part.
   *
   * @throws IllegalArgumentException if none was settled for it
   */
  public int of(String part) {
    var port = byPart.get(part);
    if (port == null) {
      throw new IllegalArgumentException("no port was settled for " + part);
    }
    return port;
  }

  private static ServerSocket hold(String part, int port) throws StackException {
    try {
      var socket = new ServerSocket();
      try {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        return socket;
      } catch (IOException e) {
        socket.close();
        throw e;
      }
    } catch (IOException e) {
      throw new StackException(
          "Port " + port + " for the part " + part + " is taken; choose another one", e);
    }
  }

  private static void release(List<ServerSocket> held) throws StackException {
    for (var socket : held) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new StackException("Port " + socket.getLocalPort() + " cannot be released", e);
      }
    }
  }
}
