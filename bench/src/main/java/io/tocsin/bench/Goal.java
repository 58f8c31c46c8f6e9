package io.tocsin.bench;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A figure that must be reached.
 *
 * @param figure in words
 * @param path where it is in the report, divided by dots
 * @param bound the least, or the most, it may be
 * @param isMost whether less is better
 */
public record Goal(String figure, String path, double bound, boolean isMost) {

  /** A figure that must not be less. */
  public static Goal atLeast(String figure, String path, double bound) {
    return new Goal(figure, path, bound, false);
  }

  /** A figure that must not be more. */
  public static Goal atMost(String figure, String path, double bound) {
    return new Goal(figure, path, bound, true);
  }

  /** The figure in a report; null if it was not measured. */
  @Nullable Number in(Map<String, Object> figures) {
    Object value = figures;
    for (String step : path.split("\\.", -1)) {
      value = value instanceof Map<?, ?> map ? map.get(step) : null;
    }
    return value instanceof Number number ? number : null;
  }

  /** Whether a figure is good enough. */
  boolean isMet(Number value) {
    return isMost ? value.doubleValue() <= bound : value.doubleValue() >= bound;
  }
}
