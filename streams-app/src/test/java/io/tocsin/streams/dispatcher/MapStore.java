package io.tocsin.streams.dispatcher;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory that keeps bytes, in the order real stores keep them, and can go back to an
 * earlier moment.
 */
final class MapStore<V> implements KeyValueStore<String, V> {

  private final Serde<V> serde;
  private NavigableMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
  private long writes;

  MapStore(Serde<V> serde) {
    this.serde = serde;
  }

  /** How often it was written to. */
  long writes() {
    return writes;
  }

  NavigableMap<byte[], byte[]> snapshot() {
    return new TreeMap<>(entries);
  }

  void restore(NavigableMap<byte[], byte[]> snapshot) {
    entries = snapshot;
  }

  @Override
  public void put(String key, @Nullable V value) {
    writes++;
    if (value == null) {
      entries.remove(bytes(key));
    } else {
      entries.put(bytes(key), serde.serializer().serialize("", value));
    }
  }

  @Override
  public @Nullable V putIfAbsent(String key, V value) {
    V present = get(key);
    if (present == null) {
      put(key, value);
    }
    return present;
  }

  @Override
  public void putAll(List<KeyValue<String, V>> all) {
    all.forEach(each -> put(each.key, each.value));
  }

  @Override
  public @Nullable V delete(String key) {
    V present = get(key);
    put(key, null);
    return present;
  }

  @Override
  public @Nullable V get(String key) {
    byte[] value = entries.get(bytes(key));
    return value == null ? null : serde.deserializer().deserialize("", value);
  }

  @Override
  public KeyValueIterator<String, V> range(String from, String to) {
    byte[] low = bytes(from);
    byte[] high = bytes(to);
    return Arrays.compareUnsigned(low, high) > 0
        ? iterate(new TreeMap<>(Arrays::compareUnsigned))
        : iterate(entries.subMap(low, true, high, true));
  }

  @Override
  public KeyValueIterator<String, V> all() {
    return iterate(entries);
  }

  private KeyValueIterator<String, V> iterate(NavigableMap<byte[], byte[]> some) {
    return new KeyValueIterator<>() {
      private Map.@Nullable Entry<byte[], byte[]> next = some.firstEntry();

      @Override
      public boolean hasNext() {
        return next != null;
      }

      @Override
      public KeyValue<String, V> next() {
        Map.Entry<byte[], byte[]> entry = next;
        if (entry == null) {
          throw new NoSuchElementException();
        }
        next = some.higherEntry(entry.getKey());
        return KeyValue.pair(
            new String(entry.getKey(), StandardCharsets.UTF_8),
            serde.deserializer().deserialize("", entry.getValue()));
      }

      @Override
      public String peekNextKey() {
        Map.Entry<byte[], byte[]> entry = next;
        if (entry == null) {
          throw new NoSuchElementException();
        }
        return new String(entry.getKey(), StandardCharsets.UTF_8);
      }

      @Override
      public void close() {
        next = null;
      }
    };
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

  private static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }
}
