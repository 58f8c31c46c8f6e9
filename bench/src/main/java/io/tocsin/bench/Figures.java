package io.tocsin.bench;

import java.util.Arrays;
import java.util.List;

/** Arithmetic of what was measured. */
public final class Figures {

  private Figures() {}

  /** The middle one; of two middles, the larger. */
  public static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /** Records a second, whole. */
  public static long rate(long records, double seconds) {
    return Math.round(records / seconds);
  }

  /** To so many digits behind the point. */
  public static double rounded(double value, int digits) {
    double scale = Math.pow(10, digits);
    return Math.round(value * scale) / scale;
  }

  /** Each to so many digits behind the point. */
  public static List<Double> rounded(List<Double> values, int digits) {
    return Arrays.stream(values.stream().mapToDouble(Double::doubleValue).toArray())
        .mapToObj(value -> rounded(value, digits))
        .toList();
  }

  /** From one reading of {@link System#nanoTime()} to another. */
  public static double seconds(long fromNanos, long toNanos) {
    return (toNanos - fromNanos) / 1e9;
  }
}
