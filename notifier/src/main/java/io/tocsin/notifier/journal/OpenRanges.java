package io.tocsin.notifier.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A set of offsets, kept as disjoint half-open ranges in ascending order. */
final class OpenRanges {

  /** From the first offset of a range to the first one behind it. */
  record Range(long from, long until) {}

  private final TreeMap<Long, Long> ranges = new TreeMap<>();

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  long first() {
    return ranges.firstKey();
  }

  boolean contains(long offset) {
    Map.Entry<Long, Long> range = ranges.floorEntry(offset);
    return range != null && offset < range.getValue();
  }

  /** Adds a range that lies behind every other one. */
  void append(long from, long until) {
    if (from >= until) {
      return;
    }
    Map.Entry<Long, Long> last = ranges.lastEntry();
    if (last != null && from < last.getValue()) {
      throw new IllegalArgumentException("offset " + from + " is not behind " + last.getValue());
    }
    if (last != null && from == last.getValue()) {
      ranges.put(last.getKey(), until);
    } else {
      ranges.put(from, until);
    }
  }

  /** Takes out every offset of [from, until), if it is in. */
  void remove(long from, long until) {
    if (from >= until) {
      return;
    }
    Map.Entry<Long, Long> range = ranges.floorEntry(from);
    if (range == null || range.getValue() <= from) {
      range = ranges.higherEntry(from);
    }
    while (range != null && range.getKey() < until) {
      long start = range.getKey();
      long end = range.getValue();
      ranges.remove(start);
      if (start < from) {
        ranges.put(start, from);
      }
      if (end > until) {
        ranges.put(until, end);
      }
      range = ranges.higherEntry(Math.max(start, from));
    }
  }

  List<Range> toList() {
    List<Range> list = new ArrayList<>(ranges.size());
    ranges.forEach((from, until) -> list.add(new Range(from, until)));
    return list;
  }
}
