package io.tocsin.bench.identify;

import io.tocsin.avro.Incident;
import io.tocsin.bench.BenchStack;
import io.tocsin.bench.Figures;
import io.tocsin.bench.Lag;
import io.tocsin.bench.Progress;
import io.tocsin.cli.stack.StartedPart;
import io.tocsin.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** The foreign-key join on the same holdings, as a process of its own. */
final class FkJoinRun {

  static final List<String> PARTS = List.of(FkJoinCommand.NAME);

  /** With the identifier's heap it would collect garbage for a tenth of its time. */
  private static final List<String> HEAP = List.of("-Xmx1g", "-Xms1g", "-Xmn600m");

  /** It fans out within one call: with less, its transactions would end in its midst for ever. */
  private static final Duration LONGEST_CALL = Duration.ofMinutes(14);

  /**
   * What it took.
   *
   * @param ingestSeconds from ready until everything is committed
   * @param scans from an incident's publication until a reader has every affected user
   */
  record Result(double ingestSeconds, Scans scans) {}

  private FkJoinRun() {}

  static Result measure(BenchStack stack, Workload workload, Progress progress) throws Exception {
    String millis = Long.toString(LONGEST_CALL.toMillis());
    StartedPart join =
        stack.startOwn(
            FkJoinCommand.NAME,
            HEAP,
            Map.of(
                "streams.producer.transaction.timeout.ms", millis,
                "streams.main.consumer.max.poll.interval.ms", millis));
    try {
      long begun = System.nanoTime();
      new Lag(stack.cluster().admin(), FkJoinTopology.APPLICATION_ID)
          .awaitNone(inputs(stack), IdentifierRun.PATIENCE);
      double ingest = Figures.seconds(begun, System.nanoTime());
      progress.say(
          "fk-join: ingest %.1f s, %,d/s", ingest, Figures.rate(workload.holdings(), ingest));
      Scans scans =
          Scans.measure(workload, progress, "fk-join", number -> fanOut(stack, workload, number));
      return new Result(ingest, scans);
    } finally {
      join.stop();
    }
  }

  private static double fanOut(BenchStack stack, Workload workload, int number) throws Exception {
    Incident incident = Workload.incident("BENCH-FK-" + number, 1);
    try (AffectedReader reader = new AffectedReader(stack.cluster(), FkJoinTopology.AFFECTED);
        KafkaProducer<String, Incident> producer =
            new KafkaProducer<>(
                stack.cluster().config().kafka(),
                new StringSerializer(),
                stack
                    .cluster()
                    .registry()
                    .serde(Incident.class, Topics.INCIDENTS.name())
                    .serializer())) {
      // The first record to a topic also fetches its metadata, which is not the join's fault.
      producer.partitionsFor(FkJoinTopology.INCIDENTS);
      long begun = System.nanoTime();
      producer
          .send(new ProducerRecord<>(FkJoinTopology.INCIDENTS, Workload.DATASET, incident))
          .get();
      AffectedReader.Seen seen =
          reader.read(incident.getIncidentId(), workload.affected(), 0, IdentifierRun.PATIENCE);
      seen.requireExactly(workload, "fk-join");
      return Figures.seconds(begun, seen.lastNanos());
    }
  }

  /** Everything it reads: the holdings, and the topics between its two sides. */
  private static List<String> inputs(BenchStack stack) throws Exception {
    List<String> topics = new ArrayList<>(List.of(Topics.HOLDINGS_TOPIC.name()));
    stack.cluster().admin().listTopics().names().get().stream()
        .filter(name -> name.startsWith(FkJoinTopology.APPLICATION_ID) && name.endsWith("-topic"))
        .forEach(topics::add);
    if (topics.size() != 3) {
      throw new IllegalStateException("The join's inner topics are not those expected: " + topics);
    }
    return topics;
  }
}
