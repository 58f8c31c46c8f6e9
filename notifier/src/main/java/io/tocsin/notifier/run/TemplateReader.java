package io.tocsin.notifier.run;

import io.tocsin.avro.NoticeTemplate;
import io.tocsin.notifier.attempt.Texts;
import io.tocsin.notifier.text.Renderer;
import io.tocsin.notifier.text.TemplateException;
import io.tocsin.notifier.text.TemplateRecords;
import io.tocsin.schemas.serde.AvroCodec;
import io.tocsin.schemas.serde.RegistryException;
import io.tocsin.schemas.serde.UnreadableRecordException;
import io.tocsin.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The templates topic, read from its beginning and followed; each template is compiled once.
 *
 * <p>A record that cannot be read, or whose texts are faulty, is logged and passed over: commands
 * that name it are NOT_STARTED.
 */
public final class TemplateReader implements Texts, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TemplateReader.class);

  private static final TopicPartition TOPIC = new TopicPartition(Topics.TEMPLATES.name(), 0);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration LOOK_UP = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Consumer<byte[], byte[]> consumer;
  private final AvroCodec<NoticeTemplate> codec;
  private final Map<String, Renderer> renderers = new ConcurrentHashMap<>();
  private final BlockingQueue<CompletableFuture<Void>> waiting = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean loaded;
  private volatile @Nullable String trouble;
  private volatile @Nullable RuntimeException failure;

  /** Starts to read. */
  public TemplateReader(KafkaClients kafka, AvroCodec<NoticeTemplate> codec) {
    this.consumer = kafka.templates();
    this.codec = codec;
    this.thread = Thread.ofPlatform().name("notifier-templates").start(this::run);
  }

  @Override
  public Optional<Renderer> find(String templateId, String version) {
    String key = TemplateRecords.key(templateId, version);
    Renderer known = renderers.get(key);
    if (known != null) {
      return Optional.of(known);
    }
    CompletableFuture<Void> atEnd = new CompletableFuture<>();
    waiting.add(atEnd);
    try {
      atEnd.get(LOOK_UP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      log.atWarn()
          .addKeyValue("templateId", templateId)
          .addKeyValue("templateVersion", version)
          .log("The templates topic could not be read to its end in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.ofNullable(renderers.get(key));
  }

  /**
   * Why templates are not there; empty once the topic has been read to the end it had at the start.
   */
  public Optional<String> unready() {
    if (loaded) {
      return Optional.empty();
    }
    String why = trouble;
    return Optional.of("templates are being read" + (why == null ? "" : ": " + why));
  }

  /** Why the reader has stopped; empty while it runs. */
  public Optional<String> unhealthy() {
    return Optional.ofNullable(failure)
        .map(e -> "the templates' reader has stopped: " + e.getMessage());
  }

  @Override
  public void close() {
    closing = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (consumer) {
      consumer.assign(List.of(TOPIC));
      consumer.seekToBeginning(List.of(TOPIC));
      while (!closing) {
        follow();
      }
    } catch (RuntimeException e) {
      failure = e;
      log.atError().setCause(e).log("The templates' reader has stopped");
    }
  }

  private void follow() {
    List<CompletableFuture<Void>> asked = new ArrayList<>();
    waiting.drainTo(asked);
    try {
      if (!asked.isEmpty() || !loaded) {
        readToEnd();
        loaded = true;
        trouble = null;
        asked.forEach(future -> future.complete(null));
      }
      read();
    } catch (RetriableException e) {
      trouble = "the topic cannot be read (" + e.getClass().getSimpleName() + ")";
      waiting.addAll(asked);
    }
  }

  private void readToEnd() {
    long end = consumer.endOffsets(List.of(TOPIC)).getOrDefault(TOPIC, 0L);
    while (!closing && consumer.position(TOPIC) < end) {
      read();
    }
  }

  private void read() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      if (record.value() != null) {
        take(record);
      }
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    while (!closing) {
      try {
        NoticeTemplate template = codec.decode(record.topic(), record.value());
        renderers.put(
            TemplateRecords.key(template.getTemplateId(), template.getVersion()),
            Renderer.of(TemplateRecords.texts(template)));
        return;
      } catch (RegistryException e) {
        trouble = e.getMessage();
        pause();
      } catch (UnreadableRecordException | TemplateException | IllegalArgumentException e) {
        log.atError()
            .addKeyValue("offset", record.offset())
            .addKeyValue("reason", e.getMessage())
            .log("A template cannot be used; commands that name it are not started");
        return;
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
