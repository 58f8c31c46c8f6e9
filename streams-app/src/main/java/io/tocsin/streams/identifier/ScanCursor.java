package io.tocsin.streams.identifier;

import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * How far a scan has come: everything in earlier ranges, and everything up to and including the
 * last key in this one, is behind it.
 *
 * @param range number of the range being read, from 0; the number of ranges when all are read
 * @param lastKey the last key read in it; null at its start
 */
record ScanCursor(int range, @Nullable Bytes lastKey) {

  /** Before everything. */
  static final ScanCursor START = new ScanCursor(0, null);

  /** The cursor behind a key of the same range. */
  ScanCursor behind(Bytes key) {
    return new ScanCursor(range, key);
  }

  /** The cursor before everything in the next range. */
  ScanCursor nextRange() {
    return new ScanCursor(range + 1, null);
  }

  /**
   * Whether a key of a range is behind the cursor, so that the scan will not come to it any more.
   */
  boolean hasPassed(int keyRange, Bytes key) {
    return keyRange < range
        || (keyRange == range && lastKey != null && key.compareTo(lastKey) <= 0);
  }

  /** Where to go on in a range of keys with this prefix: the least key behind the last one. */
  Bytes from(Bytes prefix) {
    if (lastKey == null) {
      return prefix;
    }
    byte[] key = lastKey.get();
    return Bytes.wrap(Arrays.copyOf(key, key.length + 1));
  }

  /** The least key that is greater than every key with this prefix; the prefix ends in a slash. */
  static Bytes until(Bytes prefix) {
    byte[] end = prefix.get().clone();
    end[end.length - 1]++;
    return Bytes.wrap(end);
  }
}
