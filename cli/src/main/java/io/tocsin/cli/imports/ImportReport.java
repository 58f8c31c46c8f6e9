package io.tocsin.cli.imports;

import java.util.ArrayList;
import java.util.List;

/** What became of a file's rows. Not thread-safe. */
public final class ImportReport {

  /** No more refusals than this are kept one by one; the rest are counted. */
  static final int MOST_KEPT = 1_000;

  /**
   * A row that was not loaded, or one that was and deserves a look.
   *
   * @param line where it stands in the file, from 1
   * @param reason why; never a contact
   */
  public record Remark(long line, String reason) {}

  private long rows;
  private long records;
  private long refusedCount;
  private long warningCount;
  private long withoutChannel;
  private final List<Remark> refused = new ArrayList<>();
  private final List<Remark> warnings = new ArrayList<>();

  /** Rows read, good and bad. */
  public long rows() {
    return rows;
  }

  /** Rows loaded. */
  public long loaded() {
    return rows - refusedCount;
  }

  /** Records written to Kafka: fewer than rows where rows were merged. */
  public long records() {
    return records;
  }

  /** Rows refused. */
  public long refusedCount() {
    return refusedCount;
  }

  /** The first {@value #MOST_KEPT} of them. */
  public List<Remark> refused() {
    return List.copyOf(refused);
  }

  /** Rows loaded that deserve a look. */
  public long warningCount() {
    return warningCount;
  }

  /** The first {@value #MOST_KEPT} of them. */
  public List<Remark> warnings() {
    return List.copyOf(warnings);
  }

  /** Users loaded without any channel: affected ones come on the substitute-notice list. */
  public long withoutChannel() {
    return withoutChannel;
  }

  void row() {
    rows++;
  }

  void record() {
    records++;
  }

  void refuse(long line, String reason) {
    refusedCount++;
    if (refused.size() < MOST_KEPT) {
      refused.add(new Remark(line, reason));
    }
  }

  void warn(long line, String reason) {
    warningCount++;
    if (warnings.size() < MOST_KEPT) {
      warnings.add(new Remark(line, reason));
    }
  }

  void noChannel() {
    withoutChannel++;
  }
}
