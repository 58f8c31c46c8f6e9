package io.tocsin.bench.latency;

import static io.tocsin.bench.Figures.median;
import static io.tocsin.bench.Figures.rounded;

import io.tocsin.avro.DatasetScope;
import io.tocsin.avro.Decision;
import io.tocsin.avro.DecisionKind;
import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentKind;
import io.tocsin.avro.Scope;
import io.tocsin.bench.BenchStack;
import io.tocsin.bench.Figures;
import io.tocsin.bench.Lag;
import io.tocsin.bench.Progress;
import io.tocsin.bench.ResidentMemory;
import io.tocsin.cli.cluster.Publisher;
import io.tocsin.cli.sample.SampleFiles;
import io.tocsin.cli.stack.StartedPart;
import io.tocsin.notifier.smtp.SmtpSettings;
import io.tocsin.notifier.twilio.TwilioSettings;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.streams.dispatcher.DispatcherTopology;
import io.tocsin.streams.identifier.IdentifierTopology;
import io.tocsin.streams.intake.IntakeSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * The whole measurement: intake, identifier and dispatcher in one process, the notifier in another,
 * an SMTP server that takes everything, and nobody who must approve. Every time is from the moment
 * an incident or a decision is handed to Kafka.
 *
 * @param people of the large incident
 * @param partitions of users and holdings alike
 * @param rounds how often each is measured; the middle one counts
 */
record LatencyBench(
    int people,
    int partitions,
    int rounds,
    Map<String, String> settings,
    Path folder,
    Progress progress) {

  private static final int FEW = 10;
  private static final int WARM_UP = 5;
  private static final int STREAMS_HEAP_MEGABYTES = 1024;
  private static final int NOTIFIER_HEAP_MEGABYTES = 256;
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration QUIET = Duration.ofSeconds(3);
  private static final Duration LULL = Duration.ofMillis(700);
  private static final String REPARTITION =
      DispatcherTopology.APPLICATION_ID + "-users-by-id-repartition";

  /** Runs everything; returns the figures in the order in which they should be read. */
  Map<String, Object> run() throws Exception {
    Population population = Population.of(people, FEW);
    try (Mailbox mailbox = new Mailbox();
        BenchStack stack = stack(mailbox.port())) {
      population.publish(stack);
      progress.say("%,d people and holdings published", people + 2 * FEW);
      StartedPart _ = stack.startTocsin("streams", STREAMS_HEAP_MEGABYTES, settings);
      StartedPart notifier = stack.startTocsin("notifier", NOTIFIER_HEAP_MEGABYTES, settings);
      awaitCaughtUp(stack);
      progress.say("all taken in");
      try (Publisher<Incident> incidents = new Publisher<>(stack.cluster(), Topics.INCIDENTS);
          Publisher<Decision> decisions = new Publisher<>(stack.cluster(), Topics.DECISIONS)) {
        Script script = new Script(mailbox, incidents, decisions, progress);
        script.firsts("warm-up", population.few(), WARM_UP);
        List<Double> idle = script.firsts("idle", population.few(), rounds);
        script.publish("LARGE", population.many());
        Mailbox.Crowd many = mailbox.crowd(population.many().name());
        many.awaitFirst(1, PATIENCE);
        List<Double> second = script.firsts("beside the large one", population.late(), rounds);
        long beforeRate = many.count();
        long begun = System.nanoTime();
        Thread.sleep(Duration.ofSeconds(5));
        double rate = (many.count() - beforeRate) / Figures.seconds(begun, System.nanoTime());
        progress.say("%,.0f messages a second", rate);
        List<Double> holds = script.holds("LARGE", many, Math.max(1, rounds / 3));
        long told = many.count();
        if (told >= people) {
          throw new IllegalStateException(
              "All %,d people were told before the last hold; take more".formatted(people));
        }
        return figures(idle, second, holds, rate, told, notifier);
      }
    }
  }

  private Map<String, Object> figures(
      List<Double> idle,
      List<Double> second,
      List<Double> holds,
      double rate,
      long told,
      StartedPart notifier)
      throws Exception {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("people", people);
    all.put("partitions", partitions);
    all.put("cores", Runtime.getRuntime().availableProcessors());
    all.put("java", Runtime.version().toString());
    all.put("kafka", AppInfoParser.getVersion());
    put(all, "publishToFirstMs", idle);
    put(all, "secondIncidentFirstMs", second);
    put(all, "holdToLastMs", holds);
    all.put("messagesPerSecond", Math.round(rate));
    all.put("toldWhenHeld", told);
    all.put("notifierHeapMb", NOTIFIER_HEAP_MEGABYTES);
    all.put("notifierPeakRssMb", ResidentMemory.peakMegabytes(notifier.pid()).orElse(0));
    all.put("totalSeconds", progress.elapsed().toSeconds());
    return all;
  }

  private static void put(Map<String, Object> figures, String name, List<Double> millis) {
    figures.put(name, Math.round(median(millis)));
    figures.put(name + "Max", Math.round(Collections.max(millis)));
    figures.put(name + "All", rounded(millis, 0));
  }

  private BenchStack stack(int smtpPort) throws Exception {
    Map<String, String> all = new HashMap<>(SampleFiles.properties("any2text.properties"));
    all.put(CommonKeys.USERS_PARTITIONS, Integer.toString(partitions));
    all.put(CommonKeys.HOLDINGS_PARTITIONS, Integer.toString(partitions));
    all.put(IntakeSettings.APPROVAL_REQUIRED, "false");
    all.put(SmtpSettings.HOST, "127.0.0.1");
    all.put(SmtpSettings.PORT, Integer.toString(smtpPort));
    all.put(SmtpSettings.STARTTLS, "off");
    all.put(TwilioSettings.ACCOUNT_SID, "AC" + "0".repeat(32));
    all.put(TwilioSettings.AUTH_TOKEN, "no-secret");
    all.put(TwilioSettings.FROM, "Any2text");
    all.putAll(settings);
    return BenchStack.start(folder, all, List.of("streams", "notifier"));
  }

  private static void awaitCaughtUp(BenchStack stack) throws Exception {
    Lag dispatcher = new Lag(stack.cluster().admin(), DispatcherTopology.APPLICATION_ID);
    dispatcher.awaitNone(List.of(Topics.USERS_TOPIC.name()), PATIENCE);
    dispatcher.awaitNone(List.of(REPARTITION), PATIENCE);
    new Lag(stack.cluster().admin(), IdentifierTopology.APPLICATION_ID)
        .awaitNone(List.of(Topics.HOLDINGS_TOPIC.name()), PATIENCE);
  }

  /** What is done to the system, and how long it takes to answer. */
  private record Script(
      Mailbox mailbox,
      Publisher<Incident> incidents,
      Publisher<Decision> decisions,
      Progress progress) {

    /** From an incident's publication to its first message taken, in ms. */
    List<Double> firsts(String when, Population.Crowd crowd, int rounds)
        throws InterruptedException {
      List<Double> millis = new ArrayList<>();
      Mailbox.Crowd box = mailbox.crowd(crowd.name());
      for (int round = 0; round < rounds; round++) {
        // Not in step with anything that happens at regular times.
        Thread.sleep(LULL.plusMillis(37L * round));
        box.begin();
        long begun = System.nanoTime();
        publish(when.replace(' ', '-') + round, crowd);
        long first = box.awaitFirst(crowd.size(), PATIENCE);
        millis.add((first - begun) / 1e6);
      }
      progress.say("%s: first message after %s ms", when, rounded(millis, 0));
      return millis;
    }

    void publish(String incidentId, Population.Crowd crowd) {
      incidents.send(
          incidentId,
          Incident.newBuilder()
              .setIncidentId(incidentId)
              .setVersion(1)
              .setKind(IncidentKind.DISCLOSURE)
              .setScope(
                  Scope.newBuilder()
                      .setDatasets(List.of(new DatasetScope(crowd.dataset(), List.of())))
                      .build())
              .setDetectedAt(now())
              .setReporter("bench")
              .setReportedAt(now())
              .build());
      incidents.flush();
    }

    /** From a hold to the last message taken, in ms. */
    List<Double> holds(String incidentId, Mailbox.Crowd box, int rounds)
        throws InterruptedException {
      List<Double> millis = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        box.begin();
        box.awaitFirst(1_000, PATIENCE);
        long begun = System.nanoTime();
        decide(incidentId, DecisionKind.HOLD);
        millis.add(Math.max(0, (box.awaitQuiet(QUIET) - begun) / 1e6));
        decide(incidentId, DecisionKind.RESUME);
      }
      progress.say("hold: last message after %s ms", rounded(millis, 0));
      return millis;
    }

    private void decide(String incidentId, DecisionKind kind) {
      decisions.send(
          incidentId,
          Decision.newBuilder()
              .setDecisionId(UUID.randomUUID().toString())
              .setIncidentId(incidentId)
              .setKind(kind)
              .setIncidentVersion(1)
              .setPerson("bench-operator")
              .setNote("measured")
              .setDecidedAt(now())
              .build());
      decisions.flush();
    }

    private static Instant now() {
      return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
  }
}
