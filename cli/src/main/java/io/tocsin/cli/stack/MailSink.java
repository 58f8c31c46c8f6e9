package io.tocsin.cli.stack;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;

/**
 * An SMTP server (RFC 5321) on 127.0.0.1 that delivers nothing and keeps every message as an .eml
 * file.
 *
 * <p>The file is in place before the final dot is answered with 250. Recipients named in {@link
 * RecipientRules} are refused. No TLS, no authentication. Addresses stand in the .eml files and
 * nowhere else: not in the log.
 */
public final class MailSink implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(MailSink.class);
  private static final int IDLE_SECONDS = 300;
  private static final int MAX_RECIPIENTS = 100;
  private static final int MAX_MESSAGE_BYTES = 25 * 1024 * 1024;

  private final MailFolder folder;
  private final RecipientRules rules;
  private final SMTPServer server;
  private final LongAdder kept = new LongAdder();
  private final LongAdder refused = new LongAdder();

  private MailSink(MailSinkSettings settings) throws IOException {
    folder = new MailFolder(settings.mailDir(), Clock.systemUTC());
    rules = new RecipientRules(settings.fullTimes());
    server =
        SMTPServer.port(settings.port())
            .bindAddress(InetAddress.ofLiteral("127.0.0.1"))
            .hostName("localhost")
            .softwareName("Tocsin mail sink")
            .backlog(512)
            .maxConnections(settings.maxConnections())
            .insertReceivedHeaders(false)
            .maxRecipients(MAX_RECIPIENTS)
            .maxMessageSize(MAX_MESSAGE_BYTES)
            .connectionTimeout(IDLE_SECONDS, TimeUnit.SECONDS)
            .executorService(Executors.newVirtualThreadPerTaskExecutor())
            .messageHandlerFactory(context -> new Transaction())
            .build();
  }

  /**
   * Starts listening.
   *
   * @throws IOException if the folder cannot be written or the port is taken
   */
  public static MailSink start(MailSinkSettings settings) throws IOException {
    var sink = new MailSink(settings);
    try {
      sink.server.start();
    } catch (RuntimeException e) {
      throw new IOException("port " + settings.port() + " of 127.0.0.1 is taken", e);
    }
    log.atInfo().addKeyValue("port", sink.port()).log("Mail sink started");
    return sink;
  }

  /** The port listened on. */
  public int port() {
    return server.getPortAllocated();
  }

  /** Messages kept since the start. */
  public long kept() {
    return kept.sum();
  }

  /** Recipients refused since the start. */
  public long refused() {
    return refused.sum();
  }

  /** Stops listening and closes every connection. */
  @Override
  public void close() {
    server.stop();
    log.atInfo()
        .addKeyValue("kept", kept())
        .addKeyValue("refused", refused())
        .log("Mail sink ended");
  }

  /** One mail transaction: MAIL FROM, its recipients, the content. */
  private final class Transaction implements MessageHandler {

    private final List<String> recipients = new ArrayList<>();
    private String sender = "";

    @Override
    public void from(String from) {
      sender = from;
    }

    @Override
    public void recipient(String recipient) throws RejectException {
      var refusal = rules.judge(recipient);
      if (refusal.isPresent()) {
        refused.increment();
        throw new RejectException(refusal.get().code(), refusal.get().text());
      }
      recipients.add(recipient);
    }

    @Override
    public String data(InputStream data) throws IOException {
      folder.keep(sender, recipients, data.readAllBytes());
      kept.increment();
      return "2.0.0 Kept";
    }

    @Override
    public void done() {}
  }
}
