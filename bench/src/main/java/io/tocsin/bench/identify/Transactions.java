package io.tocsin.bench.identify;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.record.FileLogInputStream.FileChannelRecordBatch;
import org.apache.kafka.common.record.FileRecords;

/**
 * Transactions as the broker's own log files have them: consumers are not shown which record
 * belongs to which. Every transaction has an epoch of its own (KIP-890), so producer id and epoch
 * name it across partitions.
 */
final class Transactions {

  /**
   * The extremes of a topic.
   *
   * @param records most records that one transaction wrote, over all partitions
   * @param millis longest time from a transaction's first record in a partition to its marker there
   */
  record Largest(long records, long millis) {}

  private record Id(long producer, short epoch) {}

  private record Open(Id id, long since) {}

  private final Map<Id, Long> records = new HashMap<>();
  private long longest;

  private Transactions() {}

  /** Reads every log file of a topic. */
  static Largest largest(Path kafkaLogs, String topic) throws IOException {
    Transactions all = new Transactions();
    try (DirectoryStream<Path> partitions = Files.newDirectoryStream(kafkaLogs, topic + "-*")) {
      for (Path partition : partitions) {
        all.readPartition(partition);
      }
    }
    return new Largest(
        all.records.values().stream().mapToLong(Long::longValue).max().orElse(0), all.longest);
  }

  private void readPartition(Path folder) throws IOException {
    Map<Long, Open> open = new HashMap<>();
    try (DirectoryStream<Path> segments = Files.newDirectoryStream(folder, "*.log")) {
      for (Path segment : segments) {
        try (FileRecords log = FileRecords.open(segment.toFile(), false)) {
          for (FileChannelRecordBatch batch : log.batches()) {
            if (batch.isControlBatch()) {
              Open ended = open.remove(batch.producerId());
              if (ended != null) {
                longest = Math.max(longest, batch.maxTimestamp() - ended.since());
              }
            } else if (batch.isTransactional()) {
              Id id = new Id(batch.producerId(), batch.producerEpoch());
              records.merge(id, (long) batch.countOrNull(), Long::sum);
              Open before = open.get(id.producer());
              if (before == null || !before.id().equals(id)) {
                open.put(id.producer(), new Open(id, batch.iterator().next().timestamp()));
              }
            }
          }
        }
      }
    }
  }
}
