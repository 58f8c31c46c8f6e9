package io.tocsin.cli.cluster;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record as it was read.
 *
 * @param value null for a tombstone
 * @param at when it was written
 */
public record Entry<V>(String key, @Nullable V value, int partition, long offset, Instant at) {}
