package io.tocsin.cli.cluster;

import io.tocsin.schemas.topic.Topic;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Writes many records of one topic as fast as Kafka takes them. Once {@link #flush} has returned,
 * every record is kept.
 *
 * @param <V> type of the value
 */
public final class Publisher<V extends SpecificRecord> implements AutoCloseable {

  private final Topic<String, V> topic;
  private final KafkaProducer<String, V> producer;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  /** Writes to a topic. */
  public Publisher(Cluster cluster, Topic<String, V> topic) {
    this.topic = topic;
    this.producer = cluster.producer(topic);
  }

  /**
   * Hands a record over.
   *
   * @param value null for a tombstone
   * @throws RuntimeException Kafka's reason why this or an earlier one was not kept
   */
  public void send(String key, @Nullable V value) {
    throwFailure();
    // The callback learns what the future would tell.
    Future<RecordMetadata> _ =
        producer.send(
            new ProducerRecord<>(topic.name(), key, value),
            (metadata, problem) -> {
              if (problem != null) {
                failure.compareAndSet(null, problem);
              }
            });
  }

  /** Waits until everything handed over is kept. */
  public void flush() {
    producer.flush();
    throwFailure();
  }

  /** Stops; what was not flushed may not be kept. */
  @Override
  public void close() {
    producer.close();
  }

  private void throwFailure() {
    Exception problem = failure.get();
    if (problem instanceof RuntimeException known) {
      throw known;
    }
    if (problem != null) {
      throw new IllegalStateException("Kafka did not keep a record of " + topic, problem);
    }
  }
}
