package io.tocsin.notifier.smtp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** An SMTP server that answers each line as a script says. */
final class ScriptedSmtpServer implements AutoCloseable {

  /** Closes the connection instead of answering. */
  static final String HANG_UP = "HANG_UP";

  /** Neither answers nor closes. */
  static final String SILENCE = "SILENCE";

  /** Answers an octet at a time, and never to the end. */
  static final String DRIP = "DRIP";

  private static final int DRIP_MILLIS = 20;

  private final ServerSocket server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Function<String, String> script;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<String> content = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  /**
   * Starts a server.
   *
   * @param script from a line to its answer; {@code "<greeting>"} and {@code "."} count as lines,
   *     null is the usual answer
   */
  ScriptedSmtpServer(Function<String, String> script) throws IOException {
    this.script = script;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Commands and final dots, without message lines. */
  List<String> lines() {
    return lines;
  }

  /** Message lines, as they came. */
  List<String> content() {
    return content;
  }

  int connections() {
    return sockets.size();
  }

  /** Closes every connection, as a server does with idle ones. */
  void hangUp() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        threads.execute(() -> talk(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void talk(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      boolean data = false;
      String line = "<greeting>";
      while (line != null) {
        if (!data || line.equals(".")) {
          lines.add(line);
          String answer = answer(line);
          data = answer.startsWith("354");
          switch (answer) {
            case HANG_UP -> {
              return;
            }
            case SILENCE -> {}
            case DRIP -> drip(socket);
            default ->
                socket.getOutputStream().write((answer + "\r\n").getBytes(StandardCharsets.UTF_8));
          }
        } else {
          content.add(line);
        }
        line = in.readLine();
      }
    } catch (IOException e) {
      boolean hungUp = socket.isClosed() || e instanceof SocketException;
      if (!hungUp) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void drip(Socket socket) throws IOException {
    while (!server.isClosed()) {
      socket.getOutputStream().write('2');
      try {
        Thread.sleep(DRIP_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private String answer(String line) {
    String scripted = script.apply(line);
    if (scripted != null) {
      return scripted;
    }
    return switch (line.split("[ :]", 2)[0]) {
      case "<greeting>" -> "220 scripted";
      case "EHLO" -> "250-scripted\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME";
      case "DATA" -> "354 go on";
      case "." -> "250 2.0.0 Ok: queued as ABC123";
      case "QUIT" -> "221 bye";
      default -> "250 2.0.0 Ok";
    };
  }

  @Override
  public void close() throws IOException {
    server.close();
    hangUp();
    threads.shutdownNow();
  }
}
