package io.tocsin.streams;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * Writes a copy into every partition of the topic, in the same transaction (KIP-837).
 *
 * @param <K> type of the key
 * @param <V> type of the value
 */
public final class PartitionMulticast<K, V> implements StreamPartitioner<K, V> {

  @Override
  public Optional<Set<Integer>> partitions(
      String topic, @Nullable K key, @Nullable V value, int numPartitions) {
    return Optional.of(
        IntStream.range(0, numPartitions).boxed().collect(Collectors.toUnmodifiableSet()));
  }
}
