package io.tocsin.notifier.bounces;

import io.micrometer.core.instrument.MeterRegistry;
import io.tocsin.avro.Channel;
import io.tocsin.avro.DeadLetter;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.notifier.receipts.ReceiptTokens;
import io.tocsin.notifier.receipts.Receipts;
import io.tocsin.schemas.deadletter.DeadLetterCode;
import io.tocsin.schemas.deadletter.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of messages to our senders: a receipt, a dead letter, or a count ({@code
 * tocsin.notifier.bounces} by {@code result}). Thread-safe.
 */
public final class Bounces {

  /** Stands in dead letters where a topic's name stands otherwise. */
  static final String SOURCE = "bounces";

  private static final Logger log = LoggerFactory.getLogger(Bounces.class);

  /** So much of an unreadable report is kept: the fields are near its beginning. */
  private static final int MOST_KEPT = 256 * 1024;

  private final Receipts receipts;
  private final Aside aside;
  private final DeadLetters deadLetters;
  private final Duration patience;
  private final InstantSource clock;
  private final MeterRegistry metrics;

  /** Where reports go that cannot be read. */
  @FunctionalInterface
  public interface Aside {

    /**
     * Writes a dead letter.
     *
     * @return done when Kafka has acknowledged it, failed if it could not be written
     */
    CompletionStage<?> setAside(byte[] key, DeadLetter letter);
  }

  /**
   * Bounces.
   *
   * @param patience how long to wait for Kafka's acknowledgement
   */
  public Bounces(
      Receipts receipts,
      Aside aside,
      DeadLetters deadLetters,
      Duration patience,
      InstantSource clock,
      MeterRegistry metrics) {
    this.receipts = receipts;
    this.aside = aside;
    this.deadLetters = deadLetters;
    this.patience = patience;
    this.clock = clock;
    this.metrics = metrics;
  }

  /**
   * Takes a message to a token. Taken twice, it is written twice and changes nothing.
   *
   * @param nullSender whether it came from the null sender
   * @return whether all it has to say is in Kafka; false if it must be sent again
   */
  boolean take(ReceiptTokens.Receipt token, byte[] message, boolean nullSender) {
    Report report = ReportReader.read(message, nullSender);
    boolean taken =
        switch (report.meaning()) {
          case BOUNCED -> written(token, DeliveryEventKind.RECEIPT_BOUNCED, report);
          case DELIVERED -> written(token, DeliveryEventKind.RECEIPT_DELIVERED, report);
          case UNREADABLE -> setAside(token, message);
          case UNDECIDED, OTHER -> true;
        };
    count(taken ? report.meaning().word() : "failed");
    return taken;
  }

  void count(String result) {
    metrics.counter("tocsin.notifier.bounces", "result", result).increment();
  }

  private boolean written(ReceiptTokens.Receipt token, DeliveryEventKind kind, Report report) {
    DeliveryEvent receipt =
        DeliveryEvent.newBuilder()
            .setKind(kind)
            .setDeliveryId(token.deliveryId())
            .setIncidentId("")
            .setChannel(Channel.EMAIL)
            .setAttempt(token.attempt())
            .setIssue(-1)
            .setProvider("smtp")
            .setProviderCode(report.status().orElse(null))
            .setRetryAfter(
                kind == DeliveryEventKind.RECEIPT_BOUNCED && report.isForNow()
                    ? clock.instant()
                    : null)
            .setAt(clock.instant())
            .build();
    boolean written = acknowledged(token, receipts.write(token.usersPartition(), receipt));
    if (written) {
      metrics
          .counter("tocsin.notifier.receipts", "provider", "smtp", "kind", kind.name())
          .increment();
    }
    return written;
  }

  private boolean setAside(ReceiptTokens.Receipt token, byte[] message) {
    byte[] key = token.deliveryId().getBytes(StandardCharsets.UTF_8);
    log.atWarn()
        .addKeyValue("deliveryId", token.deliveryId())
        .log("A delivery report cannot be read; it is set aside, and the delivery stays as it is");
    return acknowledged(
        token,
        aside.setAside(
            key,
            deadLetters.of(
                SOURCE,
                token.usersPartition(),
                -1,
                key,
                Arrays.copyOf(message, Math.min(message.length, MOST_KEPT)),
                DeadLetterCode.INVALID,
                "A delivery report came back by mail that does not say what happened.")));
  }

  private boolean acknowledged(ReceiptTokens.Receipt token, CompletionStage<?> write) {
    try {
      write.toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      log.atError()
          .addKeyValue("deliveryId", token.deliveryId())
          .addKeyValue("error", e.toString())
          .log("A receipt could not be written; the mail server was told to try again");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }
}
