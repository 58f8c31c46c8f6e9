package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.avro.SendCommand;
import io.tocsin.schemas.serde.Registry;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.streams.TestCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** Accepts every command it reads from a real broker, at once. */
final class AcceptingNotifier implements AutoCloseable {

  private final TestCluster cluster;
  private final AtomicInteger answered;
  private final KafkaConsumer<String, SendCommand> consumer;
  private final Thread thread;
  private volatile @Nullable Throwable failure;

  private AcceptingNotifier(TestCluster cluster, AtomicInteger answered) {
    this.cluster = cluster;
    this.answered = answered;
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                cluster.bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed"),
            new StringDeserializer(),
            Registry.connect(cluster.config("notifier", Map.of()).registry())
                .serde(SendCommand.class, Topics.SEND_EMAIL.name())
                .deserializer());
    List<TopicPartition> all =
        Stream.of(Channel.values())
            .map(Topics::send)
            .flatMap(topic ->
                Stream.iterate(0, p -> p < cluster.partitions(topic), p -> p + 1)
                    .map(p -> new TopicPartition(topic.name(), p)))
            .toList();
    consumer.assign(all);
    consumer.seekToBeginning(all);
    this.thread = Thread.ofPlatform().name("accepting-notifier").unstarted(this::run);
  }

  static AcceptingNotifier start(TestCluster cluster, AtomicInteger answered) {
    AcceptingNotifier notifier = new AcceptingNotifier(cluster, answered);
    notifier.thread.start();
    return notifier;
  }

  @Nullable Throwable failure() {
    return failure;
  }

  private void run() {
    try (consumer) {
      while (true) {
        for (ConsumerRecord<String, SendCommand> command : consumer.poll(Duration.ofMillis(100))) {
          cluster.publish(
              Topics.DELIVERY_EVENTS,
              command.key(),
              Samples.outcome(
                  command.value(), DeliveryEventKind.ACCEPTED, System.currentTimeMillis()));
          answered.incrementAndGet();
        }
      }
    } catch (WakeupException e) {
      return;
    } catch (RuntimeException | Error e) {
      failure = e;
    }
  }

  @Override
  public void close() {
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
