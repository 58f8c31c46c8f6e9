package io.tocsin.notifier.smtp;

import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.avro.SendCommand;
import io.tocsin.notifier.attempt.Outcome;
import io.tocsin.notifier.attempt.ProviderChannel;
import io.tocsin.notifier.attempt.Reasons;
import io.tocsin.notifier.attempt.StartGate;
import io.tocsin.notifier.receipts.ReceiptTokens;
import io.tocsin.notifier.text.Recipient;
import io.tocsin.notifier.text.RenderedEmail;
import io.tocsin.notifier.text.Renderer;
import io.tocsin.schemas.contact.Contact;
import io.tocsin.schemas.contact.EmailAddress;
import jakarta.mail.Session;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.angus.mail.smtp.SMTPMessage;
import org.jspecify.annotations.Nullable;

/**
 * E-mail. Connections are kept open between messages, as many as there are attempts at a time.
 *
 * <p>A message that a broken connection did not take is not tried again here, with one exception:
 * if a connection that has been idle turns out to be closed before it answered MAIL FROM, the
 * message goes over a new one. Nothing of it had been sent then.
 */
public final class SmtpChannel implements ProviderChannel {

  private final SmtpSettings settings;
  private final ReceiptTokens tokens;
  private final InstantSource clock;
  private final ScheduledThreadPoolExecutor timer;
  private final Optional<DkimSigner> signer;
  private final Session session;
  private final Session utf8Session;
  private final ConcurrentLinkedDeque<SmtpConnection> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  /** A channel; it connects when it first sends. */
  public SmtpChannel(SmtpSettings settings, ReceiptTokens tokens, InstantSource clock) {
    this.settings = settings;
    this.tokens = tokens;
    this.clock = clock;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("smtp-timeouts").factory());
    timer.setRemoveOnCancelPolicy(true);
    long sweep = Math.max(100, settings.idle().toMillis() / 2);
    Future<?> _ =
        timer.scheduleWithFixedDelay(this::closeStale, sweep, sweep, TimeUnit.MILLISECONDS);
    this.signer = settings.dkim().map(DkimSigner::new);
    this.session = Session.getInstance(properties(false));
    this.utf8Session = Session.getInstance(properties(true));
  }

  @Override
  public String provider() {
    return "smtp";
  }

  @Override
  public Prepared prepare(SendCommand command, Contact contact, Renderer texts) {
    if (!(contact instanceof EmailAddress to)) {
      throw new IllegalArgumentException("an e-mail needs an e-mail address");
    }
    RenderedEmail email =
        texts.email(
            new Recipient(
                command.getReference(),
                command.getLocale(),
                command.getCategories(),
                command.getEdition()));
    String token =
        settings.bounceDomain().isPresent()
            ? tokens.issue(
                command.getUsersPartition(), command.getDeliveryId(), command.getAttempt())
            : null;
    NoticeMessage message =
        NoticeMessage.of(
            to.needsSmtpUtf8() ? utf8Session : session,
            settings,
            command,
            to,
            email,
            token == null
                ? settings.from().value()
                : token + "@" + settings.bounceDomain().orElseThrow(),
            signer,
            clock.instant());
    return new Email(message, to, email.hash(), token);
  }

  /** There is no way to ask an SMTP server. */
  @Override
  public Outcome reconcile(SendCommand command, Contact contact) {
    return Outcome.of(DeliveryEventKind.UNAVAILABLE, Reasons.NOTHING_TO_ASK);
  }

  @Override
  public void close() {
    closed = true;
    timer.shutdownNow();
    for (SmtpConnection next = idle.pollLast(); next != null; next = idle.pollLast()) {
      next.abandon();
    }
  }

  private final class Email implements Prepared {

    private final NoticeMessage message;
    private final EmailAddress to;
    private final String hash;
    private final @Nullable String token;

    Email(NoticeMessage message, EmailAddress to, String hash, @Nullable String token) {
      this.message = message;
      this.to = to;
      this.hash = hash;
      this.token = token;
    }

    @Override
    public String renderedHash() {
      return hash;
    }

    @Override
    public Outcome send(StartGate gate) {
      long deadline = System.nanoTime() + settings.callTimeout().toNanos();
      SmtpConnection kept = to.needsSmtpUtf8() ? null : takeIdle();
      if (kept != null) {
        SmtpConnection.Result result =
            within(deadline, kept, connection -> over(connection, gate, true));
        if (!result.worthAnotherConnection()) {
          return result.outcome();
        }
      }
      SmtpConnection fresh =
          new SmtpConnection(to.needsSmtpUtf8() ? utf8Session : session, settings);
      return within(
          deadline,
          fresh,
          connection -> connection.open().orElseGet(() -> over(connection, gate, false).outcome()));
    }

    /** Talks over a connection, which is cut when the time is up. */
    private <T> T within(
        long deadline, SmtpConnection connection, Function<SmtpConnection, T> talk) {
      Future<?> cutting =
          timer.schedule(connection::cut, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      try {
        return talk.apply(connection);
      } finally {
        cutting.cancel(false);
      }
    }

    private SmtpConnection.Result over(SmtpConnection connection, StartGate gate, boolean reused) {
      if (to.needsSmtpUtf8() && !connection.supportsExtension("SMTPUTF8")) {
        connection.abandon();
        return new SmtpConnection.Result(
            Outcome.of(DeliveryEventKind.REJECTED_PERMANENT, Reasons.NO_SMTPUTF8), false);
      }
      if (token != null && connection.supportsExtension("DSN")) {
        message.setNotifyOptions(SMTPMessage.NOTIFY_FAILURE);
        message.setReturnOption(SMTPMessage.RETURN_HDRS);
        message.setMailExtension("ENVID=" + token);
      }
      boolean settled = false;
      try {
        SmtpConnection.Result result =
            connection.send(message, NoticeMessage.address(to), gate, reused);
        settled = true;
        return result;
      } finally {
        if (settled && connection.isUsable() && !to.needsSmtpUtf8() && !closed) {
          idle.addLast(connection);
        } else {
          connection.abandon();
        }
      }
    }
  }

  private @Nullable SmtpConnection takeIdle() {
    for (SmtpConnection next = idle.pollLast(); next != null; next = idle.pollLast()) {
      if (!next.isStale()) {
        return next;
      }
      next.abandon();
    }
    return null;
  }

  private void closeStale() {
    for (SmtpConnection connection : idle) {
      if (connection.isStale() && idle.remove(connection)) {
        connection.abandon();
      }
    }
  }

  private Properties properties(boolean utf8) {
    Properties properties = new Properties();
    properties.put(
        "mail.smtp.connectiontimeout", Long.toString(settings.connectTimeout().toMillis()));
    properties.put("mail.smtp.timeout", Long.toString(settings.readTimeout().toMillis()));
    properties.put("mail.smtp.socketFactory", SmtpConnection.sockets());
    properties.put("mail.smtp.socketFactory.fallback", "false");
    properties.put("mail.smtp.quitwait", "false");
    properties.put("mail.smtp.localhost", settings.helo().isEmpty() ? ownName() : settings.helo());
    properties.put("mail.smtp.ssl.checkserveridentity", "true");
    settings
        .tlsSockets()
        .ifPresent(sockets -> properties.put("mail.smtp.ssl.socketFactory", sockets));
    switch (settings.startTls()) {
      case OFF -> properties.put("mail.smtp.starttls.enable", "false");
      case OPTIONAL -> properties.put("mail.smtp.starttls.enable", "true");
      case REQUIRED -> {
        properties.put("mail.smtp.starttls.enable", "true");
        properties.put("mail.smtp.starttls.required", "true");
      }
    }
    properties.put("mail.mime.allowutf8", Boolean.toString(utf8));
    return properties;
  }

  private static String ownName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
