package io.tocsin.cli.stack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A bare SMTP client: what it writes is exactly what goes over the wire. */
final class SmtpDialogue implements AutoCloseable {

  private final Socket socket;
  private final BufferedReader in;

  SmtpDialogue(int port) throws IOException {
    socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    readReply();
    say("EHLO test.example\r\n");
  }

  /** Writes text and returns the last line of the reply. */
  String say(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
    return readReply();
  }

  /** One whole transaction; returns the reply to the final dot, or the first refusal. */
  String deliver(String from, String to, String dotStuffedData) throws IOException {
    say("MAIL FROM:<" + from + ">\r\n");
    var rcpt = say("RCPT TO:<" + to + ">\r\n");
    if (!rcpt.startsWith("250")) {
      say("RSET\r\n");
      return rcpt;
    }
    say("DATA\r\n");
    return say(dotStuffedData + ".\r\n");
  }

  private String readReply() throws IOException {
    var line = in.readLine();
    while (line != null && line.length() > 3 && line.charAt(3) == '-') {
      line = in.readLine();
    }
    if (line == null) {
      throw new IOException("the server closed the connection");
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
