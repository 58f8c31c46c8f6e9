package io.tocsin.cli.cluster;

import io.tocsin.avro.Answer;
import io.tocsin.schemas.serde.UnreadableRecordException;
import io.tocsin.schemas.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/** Listens to intake's answers from the moment it is opened; open it before asking. */
public final class AnswerListener implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaConsumer<byte[], byte[]> kafka;
  private final Deserializer<Answer> deserializer;
  private final Duration patience;

  private AnswerListener(Cluster cluster) {
    this.kafka = cluster.consumer();
    this.deserializer = cluster.serde(Topics.INCIDENT_ANSWERS).deserializer();
    this.patience = cluster.patience();
  }

  /** Starts listening at the end of the answers. */
  public static AnswerListener open(Cluster cluster) {
    AnswerListener listener = new AnswerListener(cluster);
    try {
      List<TopicPartition> partitions =
          TopicReader.partitions(listener.kafka, Topics.INCIDENT_ANSWERS.name());
      listener.kafka.assign(partitions);
      listener.kafka.seekToEnd(partitions);
      partitions.forEach(listener.kafka::position);
      return listener;
    } catch (RuntimeException e) {
      listener.close();
      throw e;
    }
  }

  /** Waits for an answer; empty if none came within {@code command.wait.ms}. */
  public Optional<Answer> await(Predicate<Answer> wanted) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() - deadline < 0) {
      for (ConsumerRecord<byte[], byte[]> record : kafka.poll(POLL)) {
        Optional<Answer> answer = read(record).filter(wanted);
        if (answer.isPresent()) {
          return answer;
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    kafka.close();
  }

  private Optional<Answer> read(ConsumerRecord<byte[], byte[]> record) {
    try {
      return Optional.ofNullable(deserializer.deserialize(record.topic(), record.value()));
    } catch (UnreadableRecordException e) {
      return Optional.empty();
    }
  }
}
