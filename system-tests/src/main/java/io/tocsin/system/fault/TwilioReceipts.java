package io.tocsin.system.fault;

import io.tocsin.cli.stack.CallbackSender;
import io.tocsin.system.fault.TwilioFault.Receipt;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Calls back what became of messages, signed as Twilio does. One that is not taken is repeated for
 * about a minute: whoever asked for it may just be starting again.
 */
public final class TwilioReceipts implements AutoCloseable {

  private static final int MOST_AT_ONCE = 32;
  private static final List<Duration> FOR_A_MINUTE = Collections.nCopies(60, Duration.ofSeconds(1));

  private final FaultyTwilio.Account account;
  private final FaultyTwilio.Pace pace;
  private final CallbackSender sender;
  private final CallbackSender forger;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong pending = new AtomicLong();
  private final LongAdder forgeriesTaken = new LongAdder();

  TwilioReceipts(FaultyTwilio.Account account, FaultyTwilio.Pace pace) {
    this.account = account;
    this.pace = pace;
    this.sender = new CallbackSender(account.token(), MOST_AT_ONCE, FOR_A_MINUTE);
    this.forger = new CallbackSender("not " + account.token(), MOST_AT_ONCE, List.of());
  }

  /** Receipts still to come. */
  public long pending() {
    return pending.get();
  }

  /** Receipts that nobody took. */
  public long givenUp() {
    return sender.givenUp();
  }

  /** Forged receipts that were answered as if they were genuine. */
  public long forgeriesTaken() {
    return forgeriesTaken.sum();
  }

  /** Calls back about a message as its fault says. */
  void follow(String sid, @Nullable String url, TwilioFault fault) throws InterruptedException {
    if (url == null || fault.receipt() == Receipt.NEVER) {
      return;
    }
    pending.incrementAndGet();
    if (fault.receipt() == Receipt.BEFORE_THE_ANSWER) {
      send(sid, url, fault);
    } else {
      threads.execute(() -> sendLater(sid, url, fault));
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private void sendLater(String sid, String url, TwilioFault fault) {
    try {
      Thread.sleep(fault.receipt() == Receipt.LATE ? pace.late() : pace.receipt());
      send(sid, url, fault);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(String sid, String url, TwilioFault fault) throws InterruptedException {
    try {
      if (fault.receipt() == Receipt.AFTER_A_FORGED_ONE) {
        TwilioFault opposite =
            fault.code() == 0 ? TwilioFault.undelivered(30005) : TwilioFault.NONE;
        if (forger.send(url, parameters(sid, opposite))) {
          forgeriesTaken.increment();
        }
      }
      SortedMap<String, String> parameters = parameters(sid, fault);
      boolean taken = sender.send(url, parameters);
      if (taken && fault.receipt() == Receipt.TWICE) {
        sender.send(url, parameters);
      }
    } finally {
      pending.decrementAndGet();
    }
  }

  private SortedMap<String, String> parameters(String sid, TwilioFault fault) {
    SortedMap<String, String> parameters = new TreeMap<>();
    parameters.put("AccountSid", account.sid());
    parameters.put("ApiVersion", "2010-04-01");
    parameters.put("MessageSid", sid);
    parameters.put("SmsSid", sid);
    String status = fault.code() == 0 ? "delivered" : "undelivered";
    parameters.put("MessageStatus", status);
    parameters.put("SmsStatus", status);
    if (fault.code() != 0) {
      parameters.put("ErrorCode", Integer.toString(fault.code()));
    }
    return parameters;
  }
}
