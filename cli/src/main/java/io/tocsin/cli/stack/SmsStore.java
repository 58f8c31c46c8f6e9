package io.tocsin.cli.stack;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Every message of a {@link TwilioStandIn}: the {@link SmsLog} on disk and an index of it in memory
 * (about 350 bytes a message; bodies stay on disk).
 */
final class SmsStore implements AutoCloseable {

  private final Clock clock;
  private final SmsLog log;
  private final Map<String, Entry> bySid = new ConcurrentHashMap<>();
  private final Map<String, List<Entry>> byRecipient = new ConcurrentHashMap<>();
  private final List<Entry> inOrder = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();

  /** Opens the store and rebuilds its index from the log. */
  SmsStore(Path file, Clock clock) throws IOException {
    this.clock = clock;
    this.log = SmsLog.open(file, new Rebuild());
  }

  /** Where a message is, and what has become of it. */
  static final class Entry {

    private final String sid;
    private final long offset;
    private final Instant at;
    private final int number;
    private volatile State state;

    private Entry(String sid, long offset, Instant at, int number) {
      this.sid = sid;
      this.offset = offset;
      this.at = at;
      this.number = number;
      this.state = new State(SmsStatus.QUEUED, 0, at, null);
    }

    String sid() {
      return sid;
    }

    Instant acceptedAt() {
      return at;
    }

    /** The position among all messages, from 0. */
    int number() {
      return number;
    }

    State state() {
      return state;
    }
  }

  /**
   * @param errorCode 0 when there is none
   * @param updatedAt when the status was reached
   * @param sentAt when the message was sent, once it was
   */
  record State(SmsStatus status, int errorCode, Instant updatedAt, @Nullable Instant sentAt) {

    State next(SmsStatus status, int errorCode, Instant at) {
      return new State(status, errorCode, at, status == SmsStatus.SENT ? at : sentAt);
    }
  }

  /**
   * Keeps a new message; when this returns it survives a kill.
   *
   * @throws IOException if the log cannot be written; then the message is not kept
   */
  Entry accept(SmsMessage message) throws IOException {
    return index(message, log.accepted(message));
  }

  private Entry index(SmsMessage message, long offset) {
    lock.lock();
    try {
      var entry = new Entry(message.sid(), offset, message.at(), inOrder.size());
      inOrder.add(entry);
      bySid.put(entry.sid, entry);
      byRecipient.computeIfAbsent(message.to(), to -> new ArrayList<>(1)).add(entry);
      return entry;
    } finally {
      lock.unlock();
    }
  }

  /** Records that a message has reached a status. */
  void advance(Entry entry, SmsStatus status, int errorCode) throws IOException {
    var now = clock.instant();
    log.status(entry.sid, status, errorCode, now);
    entry.state = entry.state.next(status, errorCode, now);
  }

  Optional<Entry> find(String sid) {
    return Optional.ofNullable(bySid.get(sid));
  }

  /** The message itself, read from the log. */
  SmsMessage read(Entry entry) throws IOException {
    return log.read(entry.offset);
  }

  /** All messages, or those to one number, oldest first: a snapshot. */
  List<Entry> list(@Nullable String recipient) {
    lock.lock();
    try {
      return List.copyOf(
          recipient == null ? inOrder : byRecipient.getOrDefault(recipient, List.of()));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    log.close();
  }

  private final class Rebuild implements SmsLog.Replay {

    @Override
    public void accepted(SmsMessage message, long offset) {
      index(message, offset);
    }

    @Override
    public void status(String sid, SmsStatus status, int errorCode, Instant at) {
      var entry = bySid.get(sid);
      if (entry != null) {
        entry.state = entry.state.next(status, errorCode, at);
      }
    }
  }
}
