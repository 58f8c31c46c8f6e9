package io.tocsin.streams;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a thread that failed, later and later, up to every 30 s; what it had under way was
 * rolled back with its transaction and is tried again. Most failures mend themselves or by
 * somebody's hand: a registry that comes back, a topic that is created. An {@link Error} stops the
 * part.
 */
final class Recovery implements StreamsUncaughtExceptionHandler {

  private static final Logger log = LoggerFactory.getLogger(Recovery.class);
  private static final Duration FIRST_WAIT = Duration.ofMillis(500);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  /** A thread that has lived so long has recovered. */
  private static final Duration QUIET = Duration.ofSeconds(5);

  private final String part;
  private final Clock clock;
  private final CountDownLatch closing = new CountDownLatch(1);
  private @Nullable Failure last;

  Recovery(String part, Clock clock) {
    this.part = part;
    this.clock = clock;
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable thrown) {
    String reason = sentence(thrown);
    if (thrown instanceof Error) {
      log.atError().addKeyValue("part", part).setCause(thrown).log("Part stopped");
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    Duration wait = register(reason);
    log.atError()
        .addKeyValue("part", part)
        .addKeyValue("reason", reason)
        .addKeyValue("againInMs", wait.toMillis())
        .setCause(thrown)
        .log("Thread failed and will be replaced");
    try {
      if (closing.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  /** Why a thread failed that has not yet shown that it recovered. */
  synchronized Optional<String> failure() {
    return last == null || clock.instant().isAfter(last.trustedAfter())
        ? Optional.empty()
        : Optional.of(last.reason());
  }

  /** Lets waiting threads go. */
  void close() {
    closing.countDown();
  }

  private synchronized Duration register(String reason) {
    Instant now = clock.instant();
    Duration wait = FIRST_WAIT;
    if (last != null && now.isBefore(last.trustedAfter())) {
      wait = last.waited().multipliedBy(2);
      wait = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }
    last = new Failure(reason, wait, now.plus(wait).plus(QUIET));
    return wait;
  }

  /**
   * What is behind a failure, in one line: what Kafka or Tocsin says of it, or else its innermost
   * cause.
   */
  static String sentence(Throwable thrown) {
    Throwable told = thrown;
    Throwable innermost = thrown;
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      innermost = each;
      if (each instanceof KafkaException && each.getMessage() != null) {
        told = each;
      }
    }
    if (!(told instanceof KafkaException) || (told.getCause() != null && isWrapping(told))) {
      told = innermost;
    }
    String message = told.getMessage();
    String first = message == null ? "" : message.lines().findFirst().orElse("");
    if (first.isBlank()) {
      return told.getClass().getSimpleName();
    }
    return told instanceof KafkaException ? first : told.getClass().getSimpleName() + ": " + first;
  }

  /** Kafka Streams says where something failed; what failed is in the cause. */
  private static boolean isWrapping(Throwable thrown) {
    return thrown.getClass() == StreamsException.class;
  }

  private record Failure(String reason, Duration waited, Instant trustedAfter) {}
}
