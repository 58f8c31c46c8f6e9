package io.tocsin.bench.identify;

import io.tocsin.cli.cluster.Cluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The limit of this machine: a producer that writes records which are ready in memory, with the
 * batches and compression that the producers of the identifier and the join have, without
 * transactions; what does not fill a batch goes out sooner, as nothing is committed.
 */
final class ProducerPeer {

  static final String TOPIC = "bench.producer.affected";

  private final Cluster cluster;
  private final List<ProducerRecord<byte[], byte[]>> records;

  private ProducerPeer(Cluster cluster, List<ProducerRecord<byte[], byte[]>> records) {
    this.cluster = cluster;
    this.records = records;
  }

  /**
   * Takes the records of a topic, from its beginning.
   *
   * @param count how many to take, end markers and others of short keys left out
   */
  static ProducerPeer copying(Cluster cluster, String topic, int count) {
    Map<String, Object> settings = cluster.config().kafka();
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(count);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (records.size() < count) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          if (records.size() < count && record.key()[0] == 'u') {
            records.add(new ProducerRecord<>(TOPIC, record.key(), record.value()));
          }
        }
      }
    }
    return new ProducerPeer(cluster, records);
  }

  /** Writes all of them and returns when the brokers have acknowledged the last. */
  void write() {
    Map<String, Object> settings = cluster.config().kafka();
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 64 << 10);
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (ProducerRecord<byte[], byte[]> record : records) {
        Future<RecordMetadata> _ = producer.send(record);
      }
      producer.flush();
    }
  }
}
