package io.tocsin.streams.dispatcher;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * When which notice wants to be looked at: keys are the time in epoch ms as 16 hex digits, a slash
 * and the notice's key, so that their order is that of time.
 */
final class Timers {

  private static final int DIGITS = 16;

  private final KeyValueStore<String, byte[]> due;

  /** Nothing is due before it: spares reading over what was deleted. */
  private String first = "";

  Timers(KeyValueStore<String, byte[]> due) {
    this.due = due;
  }

  /**
   * A timer that fires.
   *
   * @param at when it was due, in epoch ms
   */
  record Fired(long at, String noticeKey) {}

  void set(String noticeKey, long at) {
    String key = key(noticeKey, at);
    due.put(key, Stores.PRESENT);
    if (key.compareTo(first) < 0) {
      first = key;
    }
  }

  void clear(String noticeKey, long at) {
    due.delete(key(noticeKey, at));
  }

  /** Timers that are due, oldest first, at most so many; they are no more. */
  List<Fired> take(long now, int most) {
    List<Fired> fired = new ArrayList<>();
    String end = HexFormat.of().toHexDigits(now + 1);
    if (first.compareTo(end) >= 0) {
      return fired;
    }
    String next = end;
    try (KeyValueIterator<String, byte[]> range = due.range(first, end)) {
      while (range.hasNext()) {
        String key = range.peekNextKey();
        if (fired.size() == most) {
          next = key;
          break;
        }
        range.next();
        fired.add(
            new Fired(HexFormat.fromHexDigitsToLong(key, 0, DIGITS), key.substring(DIGITS + 1)));
      }
    }
    first = next;
    fired.forEach(each -> due.delete(key(each.noticeKey(), each.at())));
    return fired;
  }

  private static String key(String noticeKey, long at) {
    return HexFormat.of().toHexDigits(at) + '/' + noticeKey;
  }
}
