package io.tocsin.bench.tell;

import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.schemas.serde.AvroCodec;
import io.tocsin.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Watches delivery-events as a {@code read_committed} consumer. What it reads is decoded only when
 * the clock has stopped.
 */
final class OutcomeReader implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** When the first outcome and the last one came, by {@link System#nanoTime()}. */
  record Seen(long firstNanos, long lastNanos) {}

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final AvroCodec<DeliveryEvent> codec;

  /** Reads from the topic's end, as it is now. */
  OutcomeReader(Cluster cluster) {
    Map<String, Object> settings = cluster.config().kafka();
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
    // It takes as little of the machine as a reader can: a few fetches a second.
    settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 256 * 1024);
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
    this.codec = cluster.registry().codec(DeliveryEvent.class);
    this.consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    String topic = Topics.DELIVERY_EVENTS.name();
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
  }

  /**
   * Reads on until so many outcomes have come.
   *
   * @throws IllegalStateException if they do not come in time, or are not one ACCEPTED a delivery
   */
  Seen readAccepted(int deliveries) {
    List<byte[]> values = new ArrayList<>(deliveries);
    long first = 0;
    long last = 0;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (values.size() < deliveries) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        values.add(record.value());
      }
      last = System.nanoTime();
      if (first == 0 && !values.isEmpty()) {
        first = last;
      }
      if (last > deadline) {
        throw new IllegalStateException(
            "After %d s, %d of %d outcomes have come"
                .formatted(PATIENCE.toSeconds(), values.size(), deliveries));
      }
    }
    requireAccepted(values, deliveries);
    return new Seen(first, last);
  }

  private void requireAccepted(List<byte[]> values, int deliveries) {
    Map<DeliveryEventKind, Integer> kinds = new EnumMap<>(DeliveryEventKind.class);
    Set<String> accepted = new HashSet<>();
    for (byte[] value : values) {
      DeliveryEvent event = codec.decode(Topics.DELIVERY_EVENTS.name(), value);
      kinds.merge(event.getKind(), 1, Integer::sum);
      if (event.getKind() == DeliveryEventKind.ACCEPTED) {
        accepted.add(event.getDeliveryId());
      }
    }
    if (accepted.size() != deliveries || values.size() != deliveries) {
      throw new IllegalStateException(
          "%d deliveries were accepted instead of %d: %s"
              .formatted(accepted.size(), deliveries, kinds));
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
