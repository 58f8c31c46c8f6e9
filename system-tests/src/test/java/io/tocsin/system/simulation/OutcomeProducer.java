package io.tocsin.system.simulation;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes outcomes when the provider has answered: late, twice, after the process's death or never;
 * the acknowledgement may be late, or find the process dead.
 */
final class OutcomeProducer extends MockProducer<byte[], byte[]> {

  private final World world;
  private final Kafka kafka;
  private final NotifierProcess process;
  private final Bug bug;

  OutcomeProducer(World world, Kafka kafka, NotifierProcess process, Bug bug) {
    this.world = world;
    this.kafka = kafka;
    this.process = process;
    this.bug = bug;
  }

  @Override
  public synchronized Future<RecordMetadata> send(
      ProducerRecord<byte[], byte[]> record, Callback callback) {
    process.later(
        process.takeCallTime(),
        () -> {
          process.mayDie();
          if (bug == Bug.FINISHED_BEFORE_ACKNOWLEDGED) {
            acknowledge(record, callback);
          }
          long latency = world.late(50, 20_000);
          if (world.oneIn(2)) {
            process.later(latency, () -> append(record, callback));
          } else {
            // The bytes are out already: they arrive whatever becomes of the process.
            world.in(latency, () -> append(record, callback));
          }
        });
    return CompletableFuture.completedFuture(metadata(record));
  }

  private void append(ProducerRecord<byte[], byte[]> record, Callback callback) {
    Runnable write = () -> kafka.event(partition(record), record.key(), record.value());
    write.run();
    if (world.oneIn(15)) {
      world.in(world.late(2_000, 2_000_000), write);
    }
    if (bug != Bug.FINISHED_BEFORE_ACKNOWLEDGED) {
      process.later(
          world.late(20, 5_000),
          () -> {
            process.mayDie();
            acknowledge(record, callback);
          });
    }
  }

  private void acknowledge(ProducerRecord<byte[], byte[]> record, Callback callback) {
    callback.onCompletion(metadata(record), null);
    process.wake(world.below(5));
  }

  private static int partition(ProducerRecord<byte[], byte[]> record) {
    return Objects.requireNonNull(record.partition());
  }

  private static RecordMetadata metadata(ProducerRecord<byte[], byte[]> record) {
    return new RecordMetadata(new TopicPartition(record.topic(), partition(record)), 0, 0, 0, 0, 0);
  }
}
