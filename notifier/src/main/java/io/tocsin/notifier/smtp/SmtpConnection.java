package io.tocsin.notifier.smtp;

import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.notifier.attempt.Outcome;
import io.tocsin.notifier.attempt.Reasons;
import io.tocsin.notifier.attempt.StartGate;
import io.tocsin.notifier.smtp.SmtpClassification.Phase;
import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;
import javax.net.SocketFactory;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;

/**
 * One connection, which knows how far each conversation got: that decides whether a broken one may
 * have delivered.
 *
 * <p>Angus reports a break after the final dot like any other; here every answer is recorded with
 * the phase it belongs to.
 */
final class SmtpConnection extends SMTPTransport {

  private static final ScopedValue<SmtpConnection> OPENING = ScopedValue.newInstance();

  private final SmtpSettings settings;
  private volatile @Nullable Socket socket;
  private volatile boolean cut;
  private Phase phase = Phase.IDLE;
  private @Nullable SmtpReply refusal;
  private @Nullable SmtpReply acceptance;
  private boolean broken;
  private int messages;
  private long usedAt = System.nanoTime();

  SmtpConnection(Session session, SmtpSettings settings) {
    super(session, null);
    this.settings = settings;
  }

  /** What a conversation came to. */
  record Result(Outcome outcome, boolean worthAnotherConnection) {}

  /** Makes the sockets of connections, so that each can be cut from outside. */
  static SocketFactory sockets() {
    return new ConnectionSockets();
  }

  /** Connects and authenticates; empty if that went well, else what it means. */
  Optional<Outcome> open() {
    return ScopedValue.where(OPENING, this).call(this::connectAndLogIn);
  }

  /**
   * Closes the socket under whoever reads or writes at this moment; from any thread. What is under
   * way ends as if the server had hung up.
   */
  void cut() {
    cut = true;
    Socket open = socket;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // It is of no more use either way.
        socket = null;
      }
    }
  }

  private Optional<Outcome> connectAndLogIn() {
    try {
      String user = settings.login().map(SmtpSettings.Login::username).orElse(null);
      String password = settings.login().map(SmtpSettings.Login::password).orElse(null);
      connect(settings.host(), settings.port(), user, password);
      if (settings.login().isPresent() && !offersAuthentication()) {
        abandon();
        return Optional.of(Outcome.channelFault(Reasons.AUTHENTICATION));
      }
      return Optional.empty();
    } catch (AuthenticationFailedException e) {
      return Optional.of(Outcome.channelFault(Reasons.AUTHENTICATION).withCode(replyCode()));
    } catch (MessagingException e) {
      return Optional.of(failedToOpen(e));
    }
  }

  private boolean offersAuthentication() {
    return supportsExtension("AUTH") || supportsExtension("AUTH=LOGIN");
  }

  private Outcome failedToOpen(MessagingException e) {
    boolean withoutTls =
        settings.startTls() == SmtpSettings.StartTls.REQUIRED
            && getLastReturnCode() == 250
            && !supportsExtension("STARTTLS");
    if (withoutTls || causedBy(e, SSLException.class)) {
      return Outcome.channelFault(Reasons.TLS);
    }
    if (getLastReturnCode() >= 500 && !causedBy(e, IOException.class)) {
      return Outcome.channelFault(Reasons.REFUSED).withCode(replyCode());
    }
    return Outcome.notStarted(Reasons.UNREACHABLE);
  }

  private @Nullable String replyCode() {
    int code = getLastReturnCode();
    return code < 400
        ? null
        : SmtpReply.of(code, String.valueOf(getLastServerResponse())).mostTelling();
  }

  /**
   * Sends a message to one recipient.
   *
   * @param reused whether the connection has been idle: the server may have closed it
   */
  Result send(MimeMessage message, Address recipient, StartGate gate, boolean reused) {
    Optional<Outcome> refused = gate.refusal();
    if (refused.isPresent()) {
      return new Result(refused.get(), false);
    }
    phase = Phase.SENDER;
    refusal = null;
    acceptance = null;
    messages++;
    boolean threw = true;
    try {
      sendMessage(message, new Address[] {recipient});
      threw = false;
    } catch (MessagingException | IllegalStateException e) {
      // What was thrown says less than what was recorded: see result. Its words may quote the
      // address.
      threw = true;
    } finally {
      // A conversation that no answer concluded is not gone on with.
      broken = (threw && refusal == null && acceptance == null) || isClosing();
      usedAt = System.nanoTime();
    }
    Result result = result(reused);
    phase = Phase.IDLE;
    return result;
  }

  private Result result(boolean reused) {
    if (acceptance != null) {
      return new Result(
          Outcome.accepted(acceptance.queueId().orElse(null), acceptance.enhanced().orElse(null)),
          false);
    }
    if (refusal != null) {
      boolean goodbye = refusal.code() == 421 && phase == Phase.SENDER;
      return new Result(SmtpClassification.of(refusal, phase), reused && goodbye && !cut);
    }
    if (phase == Phase.FINAL_DOT) {
      return new Result(Outcome.unknown(Reasons.NO_ANSWER), false);
    }
    return new Result(
        Outcome.of(DeliveryEventKind.REJECTED_TRANSIENT, Reasons.CONNECTION_LOST),
        reused && phase == Phase.SENDER && !cut);
  }

  private boolean isClosing() {
    return refusal != null && refusal.code() == 421;
  }

  /** Whether it can carry another message. */
  boolean isUsable() {
    return !broken && !cut && messages < settings.messagesPerConnection();
  }

  boolean isStale() {
    return System.nanoTime() - usedAt > settings.idle().toNanos();
  }

  /** Closes without waiting for the server's goodbye. */
  void abandon() {
    try {
      close();
    } catch (MessagingException e) {
      broken = true;
    }
  }

  @Override
  protected void rcptTo() throws MessagingException {
    phase = Phase.RECIPIENT;
    super.rcptTo();
  }

  @Override
  protected OutputStream data() throws MessagingException {
    phase = Phase.DATA;
    return super.data();
  }

  @Override
  protected void finishData() throws IOException, MessagingException {
    phase = Phase.FINAL_DOT;
    super.finishData();
  }

  @Override
  protected int readServerResponse() throws MessagingException {
    int code = super.readServerResponse();
    if (phase != Phase.IDLE && refusal == null && acceptance == null) {
      SmtpReply reply = SmtpReply.of(code, getLastServerResponse());
      if (reply.isRefusal()) {
        refusal = reply;
      } else if (phase == Phase.FINAL_DOT && reply.isPositive()) {
        acceptance = reply;
      }
    }
    return code;
  }

  private static boolean causedBy(MessagingException e, Class<? extends Exception> type) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Without Nagle's algorithm: Angus writes the final dot by itself, and it would wait for the
   * delayed acknowledgement of what went before, 40 ms a message.
   */
  private static final class ConnectionSockets extends SocketFactory {

    @Override
    public Socket createSocket() throws IOException {
      SmtpConnection connection = OPENING.get();
      Socket socket = new Socket();
      socket.setTcpNoDelay(true);
      connection.socket = socket;
      if (connection.cut) {
        socket.close();
      }
      return socket;
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException("sockets are connected with a time-out");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
      throw new UnsupportedOperationException("sockets are connected with a time-out");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException("sockets are connected with a time-out");
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
      throw new UnsupportedOperationException("sockets are connected with a time-out");
    }
  }
}
