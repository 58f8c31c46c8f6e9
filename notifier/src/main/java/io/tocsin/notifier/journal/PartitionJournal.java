package io.tocsin.notifier.journal;

import java.util.Optional;

/**
 * What the owner of one partition has intended and finished.
 *
 * <p>The window of intent is [{@link #base}, {@link #upper}): base is the first offset not
 * finished, upper the first one nobody has intended. An offset is written into the journal by
 * {@link #intend} and must not be acted on before a commit of {@link #base} with {@link #metadata}
 * is acknowledged; it leaves by {@link #finish}, once Kafka has acknowledged its outcome. Not
 * thread-safe: it belongs to the thread that polls.
 */
public final class PartitionJournal {

  /** The most offsets a window may span: beyond, the slowest attempt holds the partition back. */
  public static final int MAX_SPAN = 8192;

  private final OpenRanges open;
  private final long doubtfulUntil;
  private long upper;
  private long arrivedUntil;
  private long finishedUntil;

  PartitionJournal(long position, long upper, OpenRanges open) {
    this.open = open;
    this.upper = upper;
    this.doubtfulUntil = upper;
    this.arrivedUntil = position;
  }

  /** A journal that starts at an offset, with nothing intended. */
  public static PartitionJournal startingAt(long offset) {
    return new PartitionJournal(offset, offset, new OpenRanges());
  }

  /**
   * The journal of an earlier owner; empty if the metadata is missing, damaged or of an unknown
   * version.
   */
  static Optional<PartitionJournal> parse(long committed, String metadata) {
    return JournalMetadata.decode(committed, metadata)
        .map(window -> new PartitionJournal(committed, window.upper(), window.open()));
  }

  /**
   * A journal of an owner of whom nothing is known: everything in [from, until) may have been
   * started.
   */
  static PartitionJournal doubting(long from, long until) {
    OpenRanges open = new OpenRanges();
    open.append(from, until);
    return new PartitionJournal(from, until, open);
  }

  /** The first offset that is not finished: what is committed. */
  public long base() {
    return open.isEmpty() ? upper : open.first();
  }

  /** The first offset beyond every intent. */
  public long upper() {
    return upper;
  }

  /** What is committed with {@link #base}; at most 4,096 bytes of ASCII. */
  public String metadata() {
    return JournalMetadata.encode(base(), upper, open.toList());
  }

  /**
   * Takes notice of the next record, in the order of offsets. Offsets that were passed over hold no
   * record (transaction markers, aborted or deleted records) and count as finished.
   */
  public Fate arrive(long offset) {
    if (offset < arrivedUntil) {
      throw new IllegalArgumentException("offset " + offset + " arrives after " + arrivedUntil);
    }
    open.remove(arrivedUntil, offset);
    arrivedUntil = offset + 1;
    if (offset >= doubtfulUntil) {
      return Fate.FRESH;
    }
    return open.contains(offset) ? Fate.DOUBTFUL : Fate.FINISHED;
  }

  /** Whether an offset may be intended without the window growing over {@link #MAX_SPAN}. */
  public boolean hasRoomFor(long offset) {
    return open.isEmpty() || offset - open.first() < MAX_SPAN;
  }

  /** Intends a fresh offset that has arrived. */
  public void intend(long offset) {
    if (offset < upper || offset >= arrivedUntil || !hasRoomFor(offset)) {
      throw new IllegalArgumentException(
          "offset " + offset + " cannot be intended in [" + base() + ", " + upper + ")");
    }
    open.append(offset, offset + 1);
    upper = offset + 1;
  }

  /** Takes back every intent from an offset on; nobody acted on any of them. */
  public void withdrawFrom(long offset) {
    if (offset < doubtfulUntil || offset < finishedUntil || !open.contains(offset)) {
      throw new IllegalArgumentException("offset " + offset + " is not among the latest intents");
    }
    open.remove(offset, upper);
    upper = offset;
    arrivedUntil = offset;
  }

  /** Marks an intended or doubtful offset as finished. */
  public void finish(long offset) {
    if (!open.contains(offset)) {
      throw new IllegalArgumentException("offset " + offset + " is not open");
    }
    open.remove(offset, offset + 1);
    finishedUntil = Math.max(finishedUntil, offset + 1);
  }
}
