package io.tocsin.bench.identify;

import io.tocsin.avro.Holding;
import io.tocsin.bench.Figures;
import io.tocsin.bench.Progress;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.cluster.Publisher;
import io.tocsin.schemas.id.HoldingKey;
import io.tocsin.schemas.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * How much of its input the identifier still takes while a scan runs: twice it is started on a
 * backlog of holdings that no incident touches, once without and once with a scan to do, and the
 * same stretch of time after its start is compared.
 */
final class InputDuringScan {

  private static final int SAMPLE_MILLIS = 50;
  private static final String ALONE = "purchases";
  private static final String WITH_SCAN = "access-log";

  /**
   * What was measured, in records a second.
   *
   * @param alone without a scan
   * @param during while the scan ran
   */
  record Result(long alone, long during) {

    double ratio() {
      return (double) during / alone;
    }
  }

  private final IdentifierRun run;
  private final Cluster cluster;
  private final Workload workload;
  private final int backlog;

  InputDuringScan(IdentifierRun run, Cluster cluster, Workload workload, int backlog) {
    this.run = run;
    this.cluster = cluster;
    this.workload = workload;
    this.backlog = backlog;
  }

  /** Measures; the identifier must be running, and is again afterwards. */
  Result measure(Progress progress) throws Exception {
    run.stop();
    fill(ALONE);
    run.start();
    Curve alone = sample(CompletableFuture.completedFuture(null));

    run.stop();
    try (AffectedReader reader = run.reader()) {
      long before = endOfHoldings();
      String incidentId = run.publish(Workload.incident(run.nextId(), 1));
      while (endOfHoldings() == before) {
        Thread.sleep(SAMPLE_MILLIS);
      }
      fill(WITH_SCAN);
      run.start();
      CompletableFuture<AffectedReader.Seen> scan =
          CompletableFuture.supplyAsync(() ->
              reader.read(incidentId, workload.affected(), run.markers(), IdentifierRun.PATIENCE));
      Curve with = sample(scan);
      AffectedReader.Seen seen = scan.get();
      seen.requireExactly(workload, "ours, while input came");
      Result result =
          new Result(
              alone.rate(seen.firstNanos() - with.start(), seen.lastNanos() - with.start()),
              with.rate(seen.firstNanos() - with.start(), seen.lastNanos() - with.start()));
      progress.say(
          "ours: scan of %.1f s, input %,d/s meanwhile, %,d/s without",
          Figures.seconds(seen.firstNanos(), seen.lastNanos()), result.during(), result.alone());
      return result;
    }
  }

  private void fill(String dataset) {
    try (Publisher<Holding> holdings = new Publisher<>(cluster, Topics.HOLDINGS_TOPIC)) {
      for (int i = 0; i < backlog; i++) {
        holdings.send(
            new HoldingKey(dataset, Workload.userId(workload.holdings() + i)).toString(),
            workload.holding(i));
      }
      holdings.flush();
    }
  }

  private long endOfHoldings() throws Exception {
    return Ends.of(cluster.admin(), Topics.HOLDINGS_TOPIC.name());
  }

  /** Follows the committed offsets until the backlog is done and the other thing too. */
  private Curve sample(CompletableFuture<?> other) throws Exception {
    long end = endOfHoldings();
    Curve curve = new Curve(System.nanoTime(), new ArrayList<>());
    long committed = 0;
    // Control records may stay uncommitted behind the last record: a few in every partition.
    while (committed < end - 50 || !other.isDone()) {
      Thread.sleep(SAMPLE_MILLIS);
      committed = run.lag().committed(Topics.HOLDINGS_TOPIC.name());
      if (curve.points().isEmpty() || committed > curve.points().getLast().committed()) {
        curve.points().add(new Point(System.nanoTime() - curve.start(), committed));
      }
    }
    return curve;
  }

  private record Point(long nanos, long committed) {}

  /** Offsets over time; it ends when the backlog is done. */
  private record Curve(long start, List<Point> points) {

    /** Records a second in a stretch, as far as the curve goes. */
    long rate(long fromNanos, long toNanos) {
      long from = Math.max(fromNanos, points.getFirst().nanos());
      long to = Math.min(toNanos, points.getLast().nanos());
      if (to <= from) {
        throw new IllegalStateException(
            "The backlog was done before the scan began; it must be larger");
      }
      return Math.round((at(to) - at(from)) / Figures.seconds(from, to));
    }

    private double at(long nanos) {
      Point before = points.getFirst();
      for (Point point : points) {
        if (point.nanos() >= nanos) {
          double share =
              point.nanos() == before.nanos()
                  ? 0
                  : (double) (nanos - before.nanos()) / (point.nanos() - before.nanos());
          return before.committed() + share * (point.committed() - before.committed());
        }
        before = point;
      }
      return before.committed();
    }
  }
}
