package io.tocsin.system.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client sees of each fault, and what the script hears. */
@Timeout(20)
class FaultySmtpTest {

  private static final String TO = "person@example.com";

  private final List<String> taken = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();
  private int maxConnections = 10;
  private boolean breaksTls;

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  @Test
  void shouldTakeMessagesOneAfterAnother() throws IOException {
    // Given
    Client client = client(SmtpFault.NONE);

    // When
    String first = client.message();
    String second = client.message();

    // Then
    assertThat(List.of(first, second)).allMatch(reply -> reply.startsWith("250"));
    assertThat(taken).containsExactly(TO + " the-id@example.com", TO + " the-id@example.com");
  }

  @Test
  void shouldAnswerSlowly() throws IOException {
    // Given
    Client client = client(SmtpFault.SLOW);
    long begun = System.nanoTime();

    // When
    String reply = client.message();

    // Then
    assertThat(reply).startsWith("250");
    assertThat(System.nanoTime() - begun)
        .isGreaterThanOrEqualTo(FaultySmtp.Pace.FAST.slow().toNanos());
    assertThat(taken).hasSize(1);
  }

  @Test
  void shouldTakeAMessageAndCloseWithoutAnAnswer() throws IOException {
    // Given
    Client client = client(SmtpFault.TAKEN_THEN_CLOSED);

    // When
    String reply = client.message();

    // Then
    assertThat(reply).isNull();
    assertThat(taken).hasSize(1);
  }

  @Test
  void shouldTakeAMessageAndStaySilent() throws IOException {
    // Given
    Client client = client(SmtpFault.TAKEN_THEN_SILENT);

    // When
    boolean silent = client.isSilentAfterMessage();

    // Then
    assertThat(silent).isTrue();
    assertThat(taken).hasSize(1);
  }

  @Test
  void shouldCloseOnTheFinalDotWithoutHavingTakenIt() throws IOException {
    // Given
    Client client = client(SmtpFault.LOST_THEN_CLOSED);

    // When
    String reply = client.message();

    // Then
    assertThat(reply).isNull();
    assertThat(taken).isEmpty();
  }

  @Test
  void shouldCloseInTheMiddleOfAMessage() throws IOException {
    // Given
    Client client = client(SmtpFault.CUT_IN_DATA);

    // When
    client.untilData();
    client.send("Message-ID: <the-id@example.com>\r\n\r\nOne\r\nTwo\r\nThree");

    // Then
    assertThat(client.reply()).isNull();
    assertThat(taken).isEmpty();
  }

  @Test
  void shouldSayGoodbyeInMidSession() throws IOException {
    // Given
    Client client = client(SmtpFault.GOODBYE);

    // When
    String reply = client.recipient();

    // Then
    assertThat(reply).startsWith("421");
    assertThat(client.reply()).isNull();
  }

  @Test
  void shouldRefuseForNowAndForGoodAndGoOn() throws IOException {
    // Given
    Client forNow = client(SmtpFault.REFUSED_FOR_NOW);
    Client forGood = client(SmtpFault.REFUSED_FOR_GOOD);

    // When
    String transientReply = forNow.recipient();
    String permanentReply = forGood.recipient();

    // Then
    assertThat(transientReply).startsWith("451 4.3.0");
    assertThat(permanentReply).startsWith("550 5.1.1");
    assertThat(forGood.recipient()).startsWith("550 5.1.1");
  }

  @Test
  void shouldBeFullAfterTheFinalDot() throws IOException {
    // Given
    Client client = client(SmtpFault.FULL_AFTER_DOT);

    // When
    String reply = client.message();

    // Then
    assertThat(reply).startsWith("452 4.3.1");
    assertThat(taken).isEmpty();
  }

  @Test
  void shouldTurnAwayOneConnectionTooMany() throws IOException {
    // Given
    maxConnections = 1;
    FaultySmtp server = server(SmtpFault.NONE);
    Client first = connect(server);
    first.command("NOOP");

    // When
    Client second = connect(server);

    // Then
    assertThat(second.greeting).startsWith("421");
    assertThat(server.turnedAway()).isEqualTo(1);
  }

  @Test
  void shouldBreakTls() throws IOException {
    // Given
    breaksTls = true;
    Client client = client(SmtpFault.NONE);

    // When
    String offered = client.command("EHLO client.example.com");
    String ready = client.command("STARTTLS");

    // Then
    assertThat(offered).contains("STARTTLS");
    assertThat(ready).startsWith("220");
    assertThat(client.in.readLine()).isEqualTo("this is no handshake");
  }

  private Client client(SmtpFault fault) throws IOException {
    return connect(server(fault));
  }

  private Client connect(FaultySmtp server) throws IOException {
    Client client = new Client(server.port());
    opened.add(client);
    return client;
  }

  private FaultySmtp server(SmtpFault fault) throws IOException {
    SmtpScript script =
        new SmtpScript() {
          @Override
          public SmtpFault next(String recipient) {
            return fault;
          }

          @Override
          public void taken(String recipient, String messageId) {
            taken.add(recipient + " " + messageId);
          }

          @Override
          public boolean breaksTls() {
            return breaksTls;
          }
        };
    FaultySmtp server = new FaultySmtp(script, FaultySmtp.Pace.FAST, maxConnections);
    opened.add(server);
    return server;
  }

  /** A client that says what it is told to. */
  private static final class Client implements AutoCloseable {

    private final Socket socket;
    private final BufferedReader in;
    private final @Nullable String greeting;

    Client(int port) throws IOException {
      socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
      socket.setSoTimeout(10_000);
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      greeting = reply();
    }

    @Nullable String command(String line) throws IOException {
      send(line);
      return reply();
    }

    @Nullable String recipient() throws IOException {
      command("MAIL FROM:<notices@example.com>");
      return command("RCPT TO:<" + TO + ">");
    }

    void untilData() throws IOException {
      recipient();
      command("DATA");
    }

    @Nullable String message() throws IOException {
      untilData();
      return command("Subject: one\r\nMessage-ID: <the-id@example.com>\r\n\r\nWords\r\n.");
    }

    boolean isSilentAfterMessage() throws IOException {
      untilData();
      socket.setSoTimeout(300);
      try {
        command("Message-ID: <the-id@example.com>\r\n\r\nWords\r\n.");
        return false;
      } catch (SocketTimeoutException e) {
        return true;
      }
    }

    void send(String line) throws IOException {
      socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** All lines of a reply; null if the server has closed. */
    @Nullable String reply() throws IOException {
      StringBuilder reply = new StringBuilder();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        reply.append(line).append('\n');
        if (line.charAt(3) == ' ') {
          return reply.toString();
        }
      }
      return null;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
