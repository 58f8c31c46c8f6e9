package io.tocsin.notifier.run;

import io.tocsin.notifier.journal.Fate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One record on its way from intent to acknowledged outcome.
 *
 * @param run the partition it came from
 * @param record the record
 * @param fate whether it may be started
 * @param read what the record is
 */
record Slot(
    PartitionRun run, ConsumerRecord<byte[], byte[]> record, Fate fate, CommandReader.Read read) {

  long offset() {
    return record.offset();
  }
}
