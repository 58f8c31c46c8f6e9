package io.tocsin.notifier.run;

import io.tocsin.notifier.journal.Fate;
import io.tocsin.notifier.journal.PartitionJournal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One partition while this instance owns it. Belongs to the polling thread, but for {@link
 * #isLost}.
 */
final class PartitionRun {

  /** The next record and what may be done about it. */
  record Head(ConsumerRecord<byte[], byte[]> record, Fate fate) {}

  private final TopicPartition partition;
  private final PartitionJournal journal;
  private final Deque<ConsumerRecord<byte[], byte[]>> queue = new ArrayDeque<>();
  private @Nullable Head head;
  private int inFlight;
  private boolean dirty;
  private volatile boolean lost;

  PartitionRun(TopicPartition partition, PartitionJournal journal) {
    this.partition = partition;
    this.journal = journal;
  }

  TopicPartition partition() {
    return partition;
  }

  void add(List<ConsumerRecord<byte[], byte[]>> records) {
    queue.addAll(records);
  }

  int queued() {
    return queue.size() + (head == null ? 0 : 1);
  }

  /** The next record that is not finished yet; null if there is none or the window is full. */
  @Nullable Head next() {
    while (head == null && !queue.isEmpty()) {
      ConsumerRecord<byte[], byte[]> record = queue.remove();
      Fate fate = journal.arrive(record.offset());
      if (fate == Fate.FINISHED) {
        dirty = true;
      } else {
        head = new Head(record, fate);
      }
    }
    Head next = head;
    return next == null
            || next.fate() == Fate.DOUBTFUL
            || journal.hasRoomFor(next.record().offset())
        ? next
        : null;
  }

  /** Takes the next record into a slot. */
  void take(Head taken) {
    head = null;
    if (taken.fate() == Fate.FRESH) {
      journal.intend(taken.record().offset());
    }
    inFlight++;
    dirty = true;
  }

  void finish(long offset) {
    journal.finish(offset);
    inFlight--;
    dirty = true;
  }

  /** Takes back the intents from an offset on, of which {@code slots} were in slots. */
  void withdrawFrom(long offset, int slots) {
    journal.withdrawFrom(offset);
    inFlight -= slots;
    dirty = true;
  }

  /** Takes records that are doubtful out of their slots; the journal keeps them. */
  void forget(int slots) {
    inFlight -= slots;
  }

  /** A record that was taken out of the queue unread: it is taken again by whoever comes next. */
  void forgetUnread() {
    queue.clear();
    head = null;
  }

  int inFlight() {
    return inFlight;
  }

  /** Whether there is something to commit. */
  boolean isDirty() {
    return dirty;
  }

  OffsetAndMetadata toCommit() {
    return new OffsetAndMetadata(journal.base(), journal.metadata());
  }

  void committed() {
    dirty = false;
  }

  void lose() {
    lost = true;
  }

  boolean isLost() {
    return lost;
  }
}
