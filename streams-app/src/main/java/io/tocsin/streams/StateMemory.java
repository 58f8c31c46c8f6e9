package io.tocsin.streams;

import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/** One budget of memory for every RocksDB store of a part, however many partitions it owns. */
final class StateMemory implements AutoCloseable {

  private static final String KEY = "tocsin.state.memory";
  private static final int SHARD_BITS = -1;

  /**
   * Half of the budget may be write buffers; they are charged to the cache, so the budget is the
   * sum of both.
   */
  private static final int BUFFERS_SHARE = 2;

  /**
   * Part of the cache kept for indexes and filters, without which every lookup reads the disk
   * twice.
   */
  private static final double HIGH_PRIORITY_SHARE = 0.2;

  private static final long LARGEST_BUFFER = 16L << 20;
  private static final long BLOCK_BYTES = 16L << 10;
  private static final double BITS_PER_KEY = 10;

  private final Cache cache;
  private final WriteBufferManager buffers;
  private final long bufferBytes;
  private final BloomFilter filter;

  StateMemory(int megabytes) {
    RocksDB.loadLibrary();
    long bytes = (long) megabytes << 20;
    long forBuffers = bytes / BUFFERS_SHARE;
    this.cache = new LRUCache(bytes, SHARD_BITS, false, HIGH_PRIORITY_SHARE);
    this.buffers = new WriteBufferManager(forBuffers, cache);
    this.bufferBytes = Math.min(LARGEST_BUFFER, forBuffers / 4);
    this.filter = new BloomFilter(BITS_PER_KEY);
  }

  /** What Kafka Streams needs to use it. */
  Map<String, Object> config() {
    return Map.of(KEY, this, "rocksdb.config.setter", Setter.class);
  }

  /** To be called once every store is closed. */
  @Override
  public void close() {
    filter.close();
    buffers.close();
    cache.close();
  }

  /** Applies the budget to each store as it is opened. */
  public static final class Setter implements RocksDBConfigSetter {

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
      StateMemory memory = (StateMemory) Objects.requireNonNull(configs.get(KEY), KEY);
      BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
      table.setBlockCache(memory.cache);
      table.setBlockSize(BLOCK_BYTES);
      // Indexes and filters grow with the store: inside the budget, or they would be outside of
      // any.
      table.setCacheIndexAndFilterBlocks(true);
      table.setCacheIndexAndFilterBlocksWithHighPriority(true);
      table.setPinTopLevelIndexAndFilter(true);
      table.setFilterPolicy(memory.filter);
      options.setTableFormatConfig(table);
      options.setWriteBufferManager(memory.buffers);
      options.setWriteBufferSize(memory.bufferBytes);
    }

    @Override
    public void close(String storeName, Options options) {
      // The cache, the buffers and the filter outlive the store: they are shared.
    }
  }
}
