package io.tocsin.cli.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Moves accepted messages on: queued, sending, sent, and delivered or undelivered, one step apart.
 *
 * <p>A message's own callbacks are sent one after the other, for {@code sent} and for the last
 * status; those of different messages overlap.
 */
final class SmsProgress implements AutoCloseable {

  private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

  private final String accountSid;
  private final Duration step;
  private final SmsStore store;
  private final CallbackSender callbacks;
  private final ScheduledExecutorService clockwork =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("sms-clockwork").daemon().factory());
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();

  SmsProgress(TwilioSettings settings, SmsStore store, CallbackSender callbacks) {
    this.accountSid = settings.accountSid();
    this.step = settings.step();
    this.store = store;
    this.callbacks = callbacks;
  }

  /** Takes up every message that a stop or a kill left half-way. */
  void resume() throws IOException {
    for (var entry : store.list(null)) {
      if (!entry.state().status().isFinal()) {
        follow(entry, store.read(entry));
      }
    }
  }

  /** Brings a message to its end, step by step. */
  void follow(SmsStore.Entry entry, SmsMessage message) {
    if (entry.state().status().isFinal()) {
      return;
    }
    try {
      var _ =
          clockwork.schedule(
              () -> workers.execute(() -> move(entry, message)),
              step.toNanos(),
              TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // Closed meanwhile: the next start takes the message up from the log.
      return;
    }
  }

  private void move(SmsStore.Entry entry, SmsMessage message) {
    try {
      int errorCode = MagicNumbers.undeliveredCode(message.to());
      var next = next(entry.state().status(), errorCode);
      store.advance(entry, next, next == SmsStatus.UNDELIVERED ? errorCode : 0);
      if (message.callback() != null && next != SmsStatus.SENDING) {
        callbacks.send(message.callback(), parameters(message, entry.state()));
      }
      follow(entry, message);
    } catch (IOException e) {
      if (!workers.isShutdown()) {
        throw new UncheckedIOException("the SMS log cannot be used", e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static SmsStatus next(SmsStatus status, int errorCode) {
    return switch (status) {
      case QUEUED -> SmsStatus.SENDING;
      case SENDING -> SmsStatus.SENT;
      case SENT -> errorCode == 0 ? SmsStatus.DELIVERED : SmsStatus.UNDELIVERED;
      case DELIVERED, UNDELIVERED -> status;
    };
  }

  private SortedMap<String, String> parameters(SmsMessage message, SmsStore.State state) {
    var parameters = new TreeMap<String, String>();
    parameters.put("AccountSid", accountSid);
    parameters.put("ApiVersion", TwilioJson.API_VERSION);
    parameters.put("From", message.from());
    parameters.put("MessageSid", message.sid());
    parameters.put("MessageStatus", state.status().wireName());
    parameters.put("SmsSid", message.sid());
    parameters.put("SmsStatus", state.status().wireName());
    parameters.put("To", message.to());
    if (message.service() != null) {
      parameters.put("MessagingServiceSid", message.service());
    }
    if (state.errorCode() != 0) {
      parameters.put("ErrorCode", Integer.toString(state.errorCode()));
    }
    return parameters;
  }

  /** Stops moving; callbacks in flight get up to five seconds. */
  @Override
  public void close() {
    clockwork.shutdownNow();
    workers.shutdown();
    try {
      if (!workers.awaitTermination(STOP_WITHIN.toNanos(), TimeUnit.NANOSECONDS)) {
        workers.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
