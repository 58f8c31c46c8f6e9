package io.tocsin.bench.identify;

import io.tocsin.avro.Holding;
import io.tocsin.bench.BenchStack;
import io.tocsin.bench.Figures;
import io.tocsin.bench.Progress;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.cluster.Publisher;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.id.HoldingKey;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.schemas.topic.TopicsServed;
import io.tocsin.streams.StreamsKeys;
import io.tocsin.streams.identifier.IdentifierPart;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * The whole measurement, one thing after the other: ours, the join, the producer on one broker and
 * the same holdings; then PostgreSQL; then the rest of ours.
 *
 * @param partitions of holdings and affected alike
 * @param threads of the identifier and of the join
 */
record IdentifyBench(
    Workload workload,
    int partitions,
    int threads,
    Set<Leg> without,
    Map<String, String> settings,
    Path folder,
    Progress progress) {

  private static final int SMALL_USERS = 10;
  private static final int FIRST_ROUNDS = 11;

  Report run() throws Exception {
    Report report = new Report(workload, partitions, threads);
    if (has(Leg.SMALL_STORE) && workload.affected() < workload.holdings()) {
      smallStore(report);
    }
    try (BenchStack stack = stack("large", FkJoinRun.PARTS);
        IdentifierRun ours = new IdentifierRun(stack, partitions, progress)) {
      fill(stack.cluster(), workload);
      report.oursIngest(ours.ingest(workload.holdings() + SMALL_USERS));
      report.oursScans(ours.scans(workload));
      report.largest(Transactions.largest(stack.kafkaLogs(), Topics.AFFECTED.name()));
      report.firstAffected(ours.firstAffectedMillis(firstRounds(), SMALL_USERS));
      if (has(Leg.RESTART)) {
        // It has not stopped since it took the holdings in: its store is then read from the topic.
        ours.killInMidScan();
        report.restartAfterSigkill(ours.start());
      }
      ours.stop();
      peers(stack, report);
      rest(stack, ours, report);
      report.peakRss(ours.peakMegabytes());
    }
    if (has(Leg.POSTGRES)) {
      postgres(report);
    }
    report.total(progress.elapsed());
    return report;
  }

  private void smallStore(Report report) throws Exception {
    Workload small = new Workload(workload.affected(), workload.affected(), workload.rounds());
    try (BenchStack stack = stack("small", List.of());
        IdentifierRun ours = new IdentifierRun(stack, partitions, progress)) {
      fill(stack.cluster(), small);
      ours.ingest(small.holdings() + SMALL_USERS);
      report.smallStoreScans(ours.scans(small));
    }
  }

  private void peers(BenchStack stack, Report report) throws Exception {
    create(stack.cluster(), FkJoinTopology.INCIDENTS, FkJoinTopology.AFFECTED, ProducerPeer.TOPIC);
    if (has(Leg.FK_JOIN)) {
      report.fkJoin(FkJoinRun.measure(stack, workload, progress));
    }
    if (has(Leg.PRODUCER)) {
      ProducerPeer producer =
          ProducerPeer.copying(stack.cluster(), Topics.AFFECTED.name(), workload.affected());
      report.producer(
          Scans.measure(workload, progress, "producer", number -> produced(stack, producer)));
    }
  }

  private double produced(BenchStack stack, ProducerPeer producer) throws InterruptedException {
    try (AffectedReader reader = new AffectedReader(stack.cluster(), ProducerPeer.TOPIC)) {
      long begun = System.nanoTime();
      Thread writing = Thread.ofPlatform().name("producer").start(producer::write);
      AffectedReader.Seen seen = reader.read("", workload.affected(), 0, IdentifierRun.PATIENCE);
      writing.join();
      return Figures.seconds(begun, seen.lastNanos());
    }
  }

  /** The identifier was stopped cleanly before, so its next start is the clean one. */
  private void rest(BenchStack stack, IdentifierRun ours, Report report) throws Exception {
    boolean input = has(Leg.INPUT) && !workload.isShort();
    if (!has(Leg.RESTART) && !input) {
      return;
    }
    double seconds = ours.start();
    if (has(Leg.RESTART)) {
      report.restartAfterStop(seconds);
    }
    if (input) {
      report.input(
          new InputDuringScan(ours, stack.cluster(), workload, 3 * workload.holdings() / 2)
              .measure(progress));
    }
  }

  private void postgres(Report report) throws Exception {
    try (PostgresPeer postgres = PostgresPeer.start(folder.resolve("postgres"))) {
      double ingest = postgres.ingest(workload);
      progress.say(
          "postgres: ingest %.1f s, %,d/s", ingest, Figures.rate(workload.holdings(), ingest));
      report.postgres(
          ingest,
          Scans.measure(
              workload,
              progress,
              "postgres",
              number -> postgres.fanOut("BENCH-PG-" + number, workload)));
    }
  }

  private BenchStack stack(String name, List<String> more) throws Exception {
    Map<String, String> all = new HashMap<>(settings);
    all.put(CommonKeys.USERS_PARTITIONS, Integer.toString(partitions));
    all.put(CommonKeys.HOLDINGS_PARTITIONS, Integer.toString(partitions));
    all.put(StreamsKeys.threads(IdentifierPart.NAME), Integer.toString(threads));
    BenchStack stack =
        BenchStack.start(
            folder.resolve(name),
            all,
            Stream.concat(IdentifierRun.PARTS.stream(), more.stream()).toList());
    progress.say("broker and registry are up (%s)", name);
    return stack;
  }

  private void fill(Cluster cluster, Workload workload) {
    try (Publisher<Holding> holdings = new Publisher<>(cluster, Topics.HOLDINGS_TOPIC)) {
      for (int i = 0; i < workload.holdings(); i++) {
        holdings.send(workload.key(i).toString(), workload.holding(i));
      }
      holdings.flush();
    }
    publish(cluster, IdentifierRun.smallDataset(), SMALL_USERS);
    progress.say("%,d holdings published", workload.holdings() + SMALL_USERS);
  }

  private void publish(Cluster cluster, String dataset, int users) {
    try (Publisher<Holding> holdings = new Publisher<>(cluster, Topics.HOLDINGS_TOPIC)) {
      for (int i = 0; i < users; i++) {
        holdings.send(new HoldingKey(dataset, Workload.userId(i)).toString(), workload.holding(i));
      }
      holdings.flush();
    }
  }

  private void create(Cluster cluster, String... topics) throws Exception {
    cluster
        .admin()
        .createTopics(
            Stream.of(topics).map(name -> new NewTopic(name, partitions, (short) 1)).toList())
        .all()
        .get();
    TopicsServed.await(cluster.admin(), List.of(topics));
  }

  private int firstRounds() {
    return workload.rounds() > 0 ? workload.rounds() : FIRST_ROUNDS;
  }

  private boolean has(Leg leg) {
    return !without.contains(leg);
  }
}
