package io.tocsin.notifier.journal;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the new owner of a partition starts, and what it knows of earlier owners.
 *
 * <ul>
 *   <li>A committed offset with a readable journal: finished commands are skipped, intended but
 *       unfinished ones are reported as UNKNOWN, the others are started.
 *   <li>No committed offset, and the partition still begins at offset 0: the group is new here, so
 *       nothing was started. A group whose offsets expired looks alike only while not one record of
 *       the topic has been deleted, and then each command is past its {@code notAfter}, as topic
 *       and offsets are kept for days and commands live for hours.
 *   <li>Anything else (offsets reset or expired, metadata lost, the log shorter than the journal):
 *       whatever is in the partition now may have been started; it is reported as UNKNOWN, and only
 *       what comes later is started.
 * </ul>
 *
 * @param basis which of these it is
 * @param position where to read from
 * @param journal the journal to go on with
 */
public record Recovery(Basis basis, long position, PartitionJournal journal) {

  /** What the owner goes by. */
  public enum Basis {
    /** The journal of the owner before. */
    JOURNAL,
    /** Nobody owned the partition before. */
    NEW,
    /** What earlier owners did is not known. */
    LOST
  }

  /**
   * What a group has committed.
   *
   * @param offset the committed offset
   * @param metadata what was committed with it
   */
  public record Committed(long offset, String metadata) {}

  /**
   * Decides.
   *
   * @param committed what the group has committed, if anything
   * @param beginning the partition's first offset
   * @param end the offset behind the last record that could have been read
   */
  public static Recovery of(@Nullable Committed committed, long beginning, long end) {
    if (committed == null) {
      return beginning == 0
          ? new Recovery(Basis.NEW, 0, PartitionJournal.startingAt(0))
          : lost(beginning, end);
    }
    if (committed.offset() > end) {
      return lost(beginning, end);
    }
    long from = Math.max(committed.offset(), beginning);
    Optional<PartitionJournal> journal =
        PartitionJournal.parse(committed.offset(), committed.metadata());
    if (journal.isEmpty() || journal.get().upper() > end) {
      return lost(from, end);
    }
    return new Recovery(Basis.JOURNAL, from, journal.get());
  }

  private static Recovery lost(long from, long end) {
    return new Recovery(Basis.LOST, from, PartitionJournal.doubting(from, end));
  }
}
