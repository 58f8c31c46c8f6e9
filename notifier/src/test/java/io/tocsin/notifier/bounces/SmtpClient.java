package io.tocsin.notifier.bounces;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A mail server's side of SMTP, line by line. */
final class SmtpClient implements AutoCloseable {

  private final Socket socket;
  private final BufferedReader in;

  SmtpClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(30_000);
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  /** The answer to come, its last line; empty at the end. */
  String answer() throws IOException {
    String line = in.readLine();
    while (line != null && line.length() > 3 && line.charAt(3) == '-') {
      line = in.readLine();
    }
    return line == null ? "" : line;
  }

  /** Says a line and takes the answer. */
  String say(String line) throws IOException {
    send((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    return answer();
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** A whole mail; the answer to its final dot, or to what was refused before. */
  String mail(String sender, String recipient, byte[] message) throws IOException {
    answer();
    say("EHLO mx.example.org");
    say("MAIL FROM:<" + sender + ">");
    String taken = say("RCPT TO:<" + recipient + ">");
    if (!taken.startsWith("250")) {
      return taken;
    }
    say("DATA");
    send(message);
    return say("\r\n.");
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
