package io.tocsin.system.simulation;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One partition of a topic that transactions write to, as read_committed shows it: the offsets of
 * markers and aborted records hold nothing.
 */
final class PartitionLog {

  private final String topic;
  private final int partition;
  private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
  private long end;

  PartitionLog(String topic, int partition) {
    this.topic = topic;
    this.partition = partition;
  }

  void append(byte[] key, byte[] value) {
    records.add(new ConsumerRecord<>(topic, partition, end++, key, value));
  }

  /** Offsets that hold no record. */
  void skip(int offsets) {
    end += offsets;
  }

  /** The offset behind everything. */
  long end() {
    return end;
  }

  /** At most so many records from a position on. */
  List<ConsumerRecord<byte[], byte[]>> from(long position, int most) {
    int first = records.size();
    while (first > 0 && records.get(first - 1).offset() >= position) {
      first--;
    }
    return records.subList(first, Math.min(records.size(), first + most));
  }
}
