package io.tocsin.cli.sample;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of time in which a dataset held categories of a person's data.
 *
 * @param from start, inclusive
 * @param until end, exclusive; null while the data is still held
 * @param categories ids of the sample catalogue, never empty
 */
public record SampleInterval(Instant from, @Nullable Instant until, List<String> categories) {}
