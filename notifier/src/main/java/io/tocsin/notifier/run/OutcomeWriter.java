package io.tocsin.notifier.run;

import io.tocsin.avro.Channel;
import io.tocsin.avro.DeadLetter;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.notifier.bounces.Bounces;
import io.tocsin.notifier.receipts.Receipts;
import io.tocsin.schemas.deadletter.DeadLetters;
import io.tocsin.schemas.serde.AvroCodec;
import io.tocsin.schemas.serde.Registry;
import io.tocsin.schemas.serde.RegistryException;
import io.tocsin.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes outcomes, receipts and dead letters. Thread-safe.
 *
 * <p>An outcome is known nowhere else, so it is written again until Kafka acknowledges it, however
 * long that takes: its slot stays occupied meanwhile. A failure that no waiting mends makes the
 * part unhealthy; after a restart such attempts are UNKNOWN.
 */
public final class OutcomeWriter implements Receipts, Bounces.Aside, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(OutcomeWriter.class);

  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration CLOSE = Duration.ofSeconds(10);

  private final Producer<byte[], byte[]> producer;
  private final AvroCodec<DeliveryEvent> events;
  private final AvroCodec<DeadLetter> deadLetters;
  private volatile boolean closed;
  private volatile @Nullable Exception failure;

  /** A writer, which closes the producer with itself. */
  public OutcomeWriter(Producer<byte[], byte[]> producer, Registry registry) {
    this(producer, registry.codec(DeliveryEvent.class), registry.codec(DeadLetter.class));
  }

  OutcomeWriter(
      Producer<byte[], byte[]> producer,
      AvroCodec<DeliveryEvent> events,
      AvroCodec<DeadLetter> deadLetters) {
    this.producer = producer;
    this.events = events;
    this.deadLetters = deadLetters;
  }

  /**
   * Learns the schemas' ids, so that no outcome waits for the registry.
   *
   * @throws RegistryException if the registry cannot be asked
   */
  void prepare() {
    Instant epoch = Instant.EPOCH;
    events.encode(
        Topics.DELIVERY_EVENTS.name(),
        DeliveryEvent.newBuilder()
            .setKind(DeliveryEventKind.UNKNOWN)
            .setDeliveryId("")
            .setIncidentId("")
            .setChannel(Channel.EMAIL)
            .setAttempt(0)
            .setProvider("")
            .setAt(epoch)
            .build());
    deadLetters.encode(
        Topics.DEAD_LETTERS.name(),
        DeadLetter.newBuilder()
            .setTopic("")
            .setPartition(0)
            .setOffset(0)
            .setPart("")
            .setCode("")
            .setReason("")
            .setAt(epoch)
            .build());
  }

  /** Writes an outcome into the users partition; {@code acknowledged} runs once Kafka has it. */
  void outcome(int usersPartition, String userId, DeliveryEvent event, Runnable acknowledged) {
    String topic = Topics.DELIVERY_EVENTS.name();
    write(
        () ->
            new ProducerRecord<>(
                topic,
                usersPartition,
                userId.getBytes(StandardCharsets.UTF_8),
                events.encode(topic, event)),
        acknowledged);
  }

  /** Sets a record aside; {@code acknowledged} runs once Kafka has it. */
  void deadLetter(byte @Nullable [] originalKey, DeadLetter letter, Runnable acknowledged) {
    String topic = Topics.DEAD_LETTERS.name();
    write(() -> record(topic, originalKey, letter), acknowledged);
  }

  /**
   * {@inheritDoc} A receipt that fails is not tried again: its provider is told, and repeats it.
   */
  @Override
  public CompletionStage<?> write(int usersPartition, DeliveryEvent receipt) {
    String topic = Topics.DELIVERY_EVENTS.name();
    return once(() ->
        new ProducerRecord<>(
            topic,
            usersPartition,
            receipt.getDeliveryId().getBytes(StandardCharsets.UTF_8),
            events.encode(topic, receipt)));
  }

  /** {@inheritDoc} It is not tried again either: the mail server is told, and repeats it. */
  @Override
  public CompletionStage<?> setAside(byte[] key, DeadLetter letter) {
    return once(() -> record(Topics.DEAD_LETTERS.name(), key, letter));
  }

  private ProducerRecord<byte[], byte[]> record(
      String topic, byte @Nullable [] originalKey, DeadLetter letter) {
    return new ProducerRecord<>(
        topic,
        DeadLetters.key(originalKey).getBytes(StandardCharsets.UTF_8),
        deadLetters.encode(topic, letter));
  }

  private CompletionStage<?> once(Supplier<ProducerRecord<byte[], byte[]>> record) {
    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    try {
      Future<?> _ =
          producer.send(
              record.get(),
              (metadata, e) -> {
                if (e == null) {
                  done.complete(null);
                } else {
                  done.completeExceptionally(e);
                }
              });
    } catch (KafkaException | IllegalArgumentException | IllegalStateException e) {
      done.completeExceptionally(e);
    }
    return done;
  }

  /** Why outcomes cannot be written any more; empty while they can. */
  public Optional<String> unhealthy() {
    return Optional.ofNullable(failure).map(e -> "outcomes cannot be written: " + e.getMessage());
  }

  @Override
  public void close() {
    closed = true;
    producer.close(CLOSE);
  }

  private void write(Supplier<ProducerRecord<byte[], byte[]>> record, Runnable acknowledged) {
    try {
      Future<?> _ =
          producer.send(
              record.get(),
              (metadata, e) -> {
                if (e == null) {
                  acknowledged.run();
                } else {
                  // Not on the producer's own thread: a send may wait for that thread.
                  Thread.startVirtualThread(() -> again(record, acknowledged, e));
                }
              });
    } catch (KafkaException | IllegalStateException e) {
      again(record, acknowledged, e);
    }
  }

  private void again(
      Supplier<ProducerRecord<byte[], byte[]>> record, Runnable acknowledged, Exception e) {
    if (closed) {
      return;
    }
    if (!(e instanceof RetriableException || e instanceof RegistryException)) {
      failure = e;
      log.atError().setCause(e).log("An outcome cannot be written; restart the notifier");
      return;
    }
    log.atWarn()
        .addKeyValue("error", e.getClass().getSimpleName())
        .log("An outcome could not be written; it is written again");
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return;
    }
    Thread.startVirtualThread(() -> write(record, acknowledged));
  }
}
