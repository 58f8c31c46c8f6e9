package io.tocsin.bench.tell;

import io.tocsin.avro.Channel;
import io.tocsin.avro.NoticeTemplate;
import io.tocsin.avro.SendCommand;
import io.tocsin.bench.BenchStack;
import io.tocsin.bench.Figures;
import io.tocsin.bench.Progress;
import io.tocsin.bench.ResidentMemory;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.cluster.Publisher;
import io.tocsin.cli.stack.StackException;
import io.tocsin.cli.stack.StartedPart;
import io.tocsin.notifier.text.TemplateRecords;
import io.tocsin.schemas.topic.Topic;
import io.tocsin.schemas.topic.Topics;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/** Ours: the notifier as a process of its own, with commands that wait for it in Kafka. */
final class NotifierRun implements AutoCloseable {

  static final String PART = "notifier";

  private static final int HEAP_MEGABYTES = 256;
  private static final int TRANSACTION_MILLIS = 300_000;

  private final BenchStack stack;
  private final Channel channel;
  private final Notices notices;
  private final Progress progress;
  private final StartedPart notifier;
  private final KafkaProducer<String, SendCommand> producer;

  private NotifierRun(
      BenchStack stack,
      Channel channel,
      Notices notices,
      Progress progress,
      StartedPart notifier,
      KafkaProducer<String, SendCommand> producer) {
    this.stack = stack;
    this.channel = channel;
    this.notices = notices;
    this.progress = progress;
    this.notifier = notifier;
    this.producer = producer;
  }

  /** Publishes the texts and starts the notifier; it is ready. */
  static NotifierRun start(
      BenchStack stack,
      Channel channel,
      Notices notices,
      Map<String, String> settings,
      Progress progress)
      throws StackException, InterruptedException {
    Cluster cluster = stack.cluster();
    try (Publisher<NoticeTemplate> templates = new Publisher<>(cluster, Topics.TEMPLATES)) {
      NoticeTemplate template = notices.words().template();
      templates.send(
          TemplateRecords.key(template.getTemplateId(), template.getVersion()), template);
      templates.flush();
    }
    StartedPart notifier = stack.startTocsin(PART, HEAP_MEGABYTES, settings);
    progress.say("ours: notifier is ready");
    return new NotifierRun(
        stack, channel, notices, progress, notifier, transactional(cluster, channel));
  }

  /**
   * Writes commands in one transaction, as the dispatcher does: the notifier sees them all at once,
   * when it is committed. From then until a reader has the last outcome, in seconds.
   */
  double round(int round, int messages) {
    Topic<String, SendCommand> topic = Topics.send(channel);
    try (OutcomeReader reader = new OutcomeReader(stack.cluster())) {
      producer.beginTransaction();
      for (int i = 0; i < messages; i++) {
        Future<RecordMetadata> _ =
            producer.send(
                new ProducerRecord<>(
                    topic.name(), Notices.userId(round, i), notices.command(channel, round, i)));
      }
      producer.flush();
      long begun = System.nanoTime();
      producer.commitTransaction();
      OutcomeReader.Seen seen = reader.readAccepted(messages);
      double seconds = Figures.seconds(begun, seen.lastNanos());
      progress.say(
          "ours: %,d messages in %.2f s, %,d/s; the first outcome after %.0f ms",
          messages,
          seconds,
          Figures.rate(messages, seconds),
          1e3 * Figures.seconds(begun, seen.firstNanos()));
      return seconds;
    }
  }

  /** The most memory that the notifier ever had resident, in MB; 0 where that cannot be told. */
  long peakMegabytes() throws IOException {
    return ResidentMemory.peakMegabytes(notifier.pid()).orElse(0);
  }

  @Override
  public void close() {
    producer.close();
  }

  private static KafkaProducer<String, SendCommand> transactional(
      Cluster cluster, Channel channel) {
    Map<String, Object> settings = cluster.config().kafka();
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "bench-" + channel);
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
    KafkaProducer<String, SendCommand> producer =
        new KafkaProducer<>(
            settings, new StringSerializer(), cluster.serde(Topics.send(channel)).serializer());
    producer.initTransactions();
    return producer;
  }
}
