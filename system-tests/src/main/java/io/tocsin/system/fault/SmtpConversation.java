package io.tocsin.system.fault;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The server's side of one connection (RFC 5321), one recipient a message. */
final class SmtpConversation {

  private static final int LONGEST_LINE = 64 * 1024;
  private static final int PATIENCE_MILLIS = 120_000;
  private static final int LINES_BEFORE_CUT = 3;
  private static final String MESSAGE_ID = "message-id:";

  private final InputStream in;
  private final OutputStream out;
  private final SmtpScript script;
  private final FaultySmtp.Pace pace;
  private final boolean breaksTls;
  private @Nullable String recipient;
  private SmtpFault fault = SmtpFault.NONE;

  SmtpConversation(Socket socket, SmtpScript script, FaultySmtp.Pace pace) throws IOException {
    socket.setSoTimeout(PATIENCE_MILLIS);
    this.in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
    this.out = socket.getOutputStream();
    this.script = script;
    this.pace = pace;
    this.breaksTls = script.breaksTls();
  }

  /** One connection too many. */
  void turnAway() throws IOException {
    reply("421 4.3.2 Too many connections");
  }

  /** Talks until either side has had enough. */
  void run() throws IOException, InterruptedException {
    reply("220 stand-in ESMTP");
    for (String line = line(); line != null; line = line()) {
      if (!answer(line)) {
        return;
      }
    }
  }

  /** Whether the conversation goes on. */
  private boolean answer(String line) throws IOException, InterruptedException {
    String verb = line.substring(0, Math.min(4, line.length())).toUpperCase(Locale.ROOT);
    switch (verb) {
      case "EHLO" ->
          reply(
              "250-stand-in\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n"
                  + (breaksTls ? "250-STARTTLS\r\n" : "")
                  + "250 SMTPUTF8");
      case "HELO", "NOOP" -> reply("250 2.0.0 Ok");
      case "RSET", "MAIL" -> {
        recipient = null;
        reply("250 2.0.0 Ok");
      }
      case "STAR" -> {
        reply("220 2.0.0 Ready");
        out.write("this is no handshake".getBytes(StandardCharsets.US_ASCII));
        return false;
      }
      case "RCPT" -> {
        return recipient(line);
      }
      case "DATA" -> {
        return message();
      }
      case "QUIT" -> {
        reply("221 2.0.0 Bye");
        return false;
      }
      default -> reply("502 5.5.1 Not implemented");
    }
    return true;
  }

  private boolean recipient(String line) throws IOException {
    String to = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
    fault = script.next(to);
    switch (fault) {
      case GOODBYE -> {
        reply("421 4.3.2 Going down");
        return false;
      }
      case REFUSED_FOR_NOW -> reply("451 4.3.0 Try again later");
      case REFUSED_FOR_GOOD -> reply("550 5.1.1 No such mailbox");
      default -> {
        recipient = to;
        reply("250 2.1.5 Ok");
      }
    }
    return true;
  }

  private boolean message() throws IOException, InterruptedException {
    String to = recipient;
    if (to == null) {
      reply("503 5.5.1 No recipient");
      return true;
    }
    recipient = null;
    reply("354 Go on");
    String messageId = read();
    if (messageId == null) {
      return false;
    }
    Thread.sleep(pace.answer());
    if (fault.takes()) {
      script.taken(to, messageId);
    }
    return switch (fault) {
      case TAKEN_THEN_CLOSED, LOST_THEN_CLOSED -> false;
      case TAKEN_THEN_SILENT -> {
        awaitGoing();
        yield false;
      }
      case FULL_AFTER_DOT -> {
        reply("452 4.3.1 Insufficient storage");
        yield true;
      }
      default -> {
        if (fault == SmtpFault.SLOW) {
          Thread.sleep(pace.slow());
        }
        reply("250 2.0.0 Ok");
        yield true;
      }
    };
  }

  /** Reads a message to its final dot; its Message-ID, or null if it is to be cut. */
  private @Nullable String read() throws IOException {
    String messageId = "";
    boolean inHeaders = true;
    int lines = 0;
    for (String line = line(); ; line = line()) {
      if (line == null) {
        throw new EOFException("the sender left in the middle of a message");
      }
      if (line.equals(".")) {
        return messageId;
      }
      if (fault == SmtpFault.CUT_IN_DATA && ++lines > LINES_BEFORE_CUT) {
        return null;
      }
      inHeaders &= !line.isEmpty();
      if (inHeaders && line.regionMatches(true, 0, MESSAGE_ID, 0, MESSAGE_ID.length())) {
        messageId = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
      }
    }
  }

  /** Says nothing until the other side leaves. */
  private void awaitGoing() throws IOException {
    in.transferTo(OutputStream.nullOutputStream());
  }

  private void reply(String text) throws IOException {
    out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  /** A line without its end; null at the end of the stream. */
  private @Nullable String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next == '\n') {
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      if (line.size() == LONGEST_LINE) {
        throw new IOException("a line is too long");
      }
      line.write(next);
    }
    return null;
  }
}
