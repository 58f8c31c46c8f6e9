package io.tocsin.bench.tell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An SMTP server on 127.0.0.1 that takes one connection after the other and counts the octets of
 * every message as it crosses the wire, without the final dot.
 */
final class MessageMeter implements AutoCloseable {

  private static final int BACKLOG = 50;

  private final ServerSocket server;
  private final List<Integer> octets = new ArrayList<>();

  MessageMeter() throws IOException {
    this.server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("message-meter").start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** The average of all messages so far. */
  int average() {
    synchronized (octets) {
      return Math.toIntExact(
          Math.round(octets.stream().mapToInt(Integer::intValue).average().orElseThrow()));
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void accept() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        talk(socket);
      } catch (SocketException e) {
        // Clients hang up as they like, and closing the server ends accept: both end a
        // conversation.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void talk(Socket socket) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    answer(socket, "220 meter");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.equals("DATA")) {
        answer(socket, "354 go on");
        count(in);
      }
      answer(socket, "250 ok");
    }
  }

  /** Every line ends in CRLF. */
  private void count(BufferedReader in) throws IOException {
    int size = 0;
    for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
      size += line.length() + 2;
    }
    synchronized (octets) {
      octets.add(size);
    }
  }

  private static void answer(Socket socket, String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }
}
