package io.tocsin.streams.identifier;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** A store in memory that can be rolled back, as an aborted transaction rolls a real one back. */
final class MapStore<K extends Comparable<? super K>, V> implements KeyValueStore<K, V> {

  private final boolean keepsIterators;
  private final Map<K, TreeMap<K, V>> kept = new HashMap<>();
  private TreeMap<K, V> entries = new TreeMap<>();
  private TreeMap<K, V> committed = new TreeMap<>();

  MapStore() {
    this(false);
  }

  private MapStore(boolean keepsIterators) {
    this.keepsIterators = keepsIterators;
  }

  /**
   * A store that shows what a scan sees which keeps its iterator between ticks: every range up to
   * the same end is read from the snapshot that the first of them took.
   */
  static <K extends Comparable<? super K>, V> MapStore<K, V> keepingIterators() {
    return new MapStore<>(true);
  }

  void commit() {
    committed = new TreeMap<>(entries);
  }

  void rollBack() {
    entries = new TreeMap<>(committed);
  }

  @Override
  public void put(K key, @Nullable V value) {
    if (value == null) {
      entries.remove(key);
    } else {
      entries.put(key, value);
    }
  }

  @Override
  public @Nullable V putIfAbsent(K key, V value) {
    return entries.putIfAbsent(key, value);
  }

  @Override
  public void putAll(List<KeyValue<K, V>> all) {
    all.forEach(each -> put(each.key, each.value));
  }

  @Override
  public @Nullable V delete(K key) {
    return entries.remove(key);
  }

  @Override
  public @Nullable V get(K key) {
    return entries.get(key);
  }

  @Override
  public KeyValueIterator<K, V> range(K from, K to) {
    TreeMap<K, V> seen =
        keepsIterators ? kept.computeIfAbsent(to, end -> new TreeMap<>(entries)) : entries;
    return iterator(seen.subMap(from, true, to, true));
  }

  @Override
  public KeyValueIterator<K, V> all() {
    return iterator(entries);
  }

  @Override
  public long approximateNumEntries() {
    return entries.size();
  }

  @Override
  public String name() {
    return "map";
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {}

  @Override
  public void flush() {}

  @Override
  public void close() {}

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  private static <K, V> KeyValueIterator<K, V> iterator(Map<K, V> entries) {
    // A live view: an iterator kept while the store changes fails, as it may with a real one.
    Iterator<Map.Entry<K, V>> each = entries.entrySet().iterator();
    return new KeyValueIterator<>() {
      @Override
      public void close() {}

      @Override
      public K peekNextKey() {
        throw new UnsupportedOperationException();
      }

      @Override
      public boolean hasNext() {
        return each.hasNext();
      }

      @Override
      public KeyValue<K, V> next() {
        Map.Entry<K, V> next = each.next();
        return KeyValue.pair(next.getKey(), next.getValue());
      }
    };
  }
}
