package io.tocsin.notifier.bounces;

import io.tocsin.notifier.receipts.ReceiptTokens;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.subethamail.smtp.server.SMTPServer;

/**
 * Takes bounces by SMTP (RFC 5321), one recipient a message.
 *
 * <ul>
 *   <li>250 after the final dot: what the message says is acknowledged by Kafka, or matters to
 *       nobody
 *   <li>451: Kafka did not acknowledge in time; the mail server tries again
 *   <li>550: the recipient is no token of ours
 *   <li>552: the message is too long
 *   <li>421: too many connections, or the other side is too slow
 * </ul>
 *
 * No TLS and no authentication: a token is worth nothing but its own delivery. Meant for the
 * operator's own mail server; see docs/bounces.md.
 */
public final class BounceServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(BounceServer.class);
  private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

  private final BounceSettings settings;
  private final SMTPServer server;
  private final Thread binder;
  private volatile boolean bound;
  private volatile @Nullable String problem;
  private volatile boolean closed;

  private BounceServer(BounceSettings settings, ReceiptTokens tokens, Bounces bounces) {
    this.settings = settings;
    this.server =
        SMTPServer.port(settings.port())
            .bindAddress(settings.address())
            .hostName(settings.domain())
            .softwareName("Tocsin bounces")
            .maxConnections(settings.connections())
            .maxRecipients(1)
            .maxMessageSize(settings.maxBytes())
            .connectionTimeout((int) settings.idle().toMillis(), TimeUnit.MILLISECONDS)
            .insertReceivedHeaders(false)
            .fromAddressValidator(sender -> true)
            .executorService(
                Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual()
                        .name("bounces-", 0)
                        .uncaughtExceptionHandler((thread, e) ->
                            log.atWarn()
                                .addKeyValue("error", e.getClass().getSimpleName())
                                .log("A connection that brings bounces broke"))
                        .factory()))
            .messageHandlerFactory(context -> new BounceTransaction(settings, tokens, bounces))
            .build();
    this.binder = Thread.ofVirtual().name("bounces-bind").unstarted(this::bind);
  }

  /**
   * Begins to listen. If the port is taken, goes on trying, as the process that has it may be
   * ending; {@link #unready} says so meanwhile.
   */
  public static BounceServer start(BounceSettings settings, ReceiptTokens tokens, Bounces bounces) {
    BounceServer server = new BounceServer(settings, tokens, bounces);
    server.tryToBind();
    if (!server.bound) {
      server.binder.start();
    }
    return server;
  }

  /** Why no bounces are taken; empty while they are. */
  public Optional<String> unready() {
    return Optional.ofNullable(problem);
  }

  /** The port listened on. */
  int port() {
    return settings.port() == 0 ? server.getPortAllocated() : settings.port();
  }

  @Override
  public void close() {
    closed = true;
    binder.interrupt();
    synchronized (server) {
      server.stop();
    }
  }

  private void bind() {
    while (!closed && !bound) {
      try {
        Thread.sleep(TRY_AGAIN);
      } catch (InterruptedException e) {
        return;
      }
      tryToBind();
    }
  }

  private void tryToBind() {
    synchronized (server) {
      if (closed) {
        return;
      }
      try {
        server.start();
        bound = true;
        problem = null;
        log.atInfo().addKeyValue("port", port()).log("Bounces are taken");
      } catch (RuntimeException e) {
        String told =
            "bounces cannot be taken: cannot listen on "
                + settings.address().getHostAddress()
                + ":"
                + settings.port()
                + ": "
                + (e.getCause() == null ? e.getClass().getSimpleName() : e.getCause().getMessage());
        if (problem == null) {
          log.atError().addKeyValue("reason", told).log("The port for bounces cannot be had");
        }
        problem = told;
      }
    }
  }
}
