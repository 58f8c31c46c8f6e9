package io.tocsin.bench.identify;

import io.tocsin.avro.Holding;
import io.tocsin.bench.Ends;
import io.tocsin.bench.Figures;
import io.tocsin.bench.Progress;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.cluster.Publisher;
import io.tocsin.schemas.id.HoldingKey;
import io.tocsin.schemas.topic.Topics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * How much of its input the identifier still takes while a scan runs. By turns it meets a backlog
 * of holdings that no incident touches without and with a scan to do, and the same stretch of time
 * after that is compared. It is paused while the backlog is made, not restarted, so that its code
 * is compiled.
 */
final class InputDuringScan {

  private static final int SAMPLE_MILLIS = 50;
  private static final int WARM_UPS = 1;
  private static final int ROUNDS = 3;
  private static final String UNTOUCHED = "purchases";

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

  /**
   * Prepares the measurement.
   *
   * @param backlog how many holdings are published each time
   */
  InputDuringScan(IdentifierRun run, Cluster cluster, Workload workload, int backlog) {
    this.run = run;
    this.cluster = cluster;
    this.workload = workload;
    this.backlog = backlog;
  }

  /** Measures; the identifier must be running. The round in the middle counts. */
  Result measure(Progress progress) throws Exception {
    List<Result> rounds = new ArrayList<>();
    for (int i = -WARM_UPS; i < ROUNDS; i++) {
      Result round = round(progress);
      if (i >= 0) {
        rounds.add(round);
      }
    }
    rounds.sort(Comparator.comparingDouble(Result::ratio));
    return rounds.get(ROUNDS / 2);
  }

  private Result round(Progress progress) throws Exception {
    run.pause();
    fill();
    Curve alone = follow(CompletableFuture.completedFuture(null));
    try (AffectedReader reader = run.reader()) {
      run.pause();
      long before = endOfHoldings();
      String incidentId = run.publish(Workload.incident(run.nextId(), 1));
      // Its barrier must be in front of the holdings, or the scan would wait for them.
      while (endOfHoldings() == before) {
        Thread.sleep(SAMPLE_MILLIS);
      }
      fill();
      CompletableFuture<AffectedReader.Seen> scan =
          CompletableFuture.supplyAsync(() ->
              reader.read(incidentId, workload.affected(), run.markers(), IdentifierRun.PATIENCE));
      Curve with = follow(scan);
      AffectedReader.Seen seen = scan.get();
      seen.requireExactly(workload, "ours, while input came");
      long from = seen.firstNanos() - with.start();
      long to = seen.lastNanos() - with.start();
      Result result = new Result(alone.rate(from, to), with.rate(from, to));
      progress.say(
          "ours: scan of %.1f s, input %,d/s meanwhile, %,d/s without",
          Figures.seconds(from, to), result.during(), result.alone());
      return result;
    }
  }

  private void fill() {
    try (Publisher<Holding> holdings = new Publisher<>(cluster, Topics.HOLDINGS_TOPIC)) {
      for (int i = 0; i < backlog; i++) {
        holdings.send(
            new HoldingKey(UNTOUCHED, Workload.userId(workload.holdings() + i)).toString(),
            workload.holding(i));
      }
      holdings.flush();
    }
  }

  private long endOfHoldings() throws Exception {
    return Ends.of(cluster.admin(), Topics.HOLDINGS_TOPIC.name());
  }

  /**
   * Lets the identifier go on, and follows the committed offsets until it has taken all in and the
   * other thing is done too.
   */
  private Curve follow(CompletableFuture<?> other) throws Exception {
    run.goOn();
    Curve curve = new Curve(System.nanoTime(), new ArrayList<>());
    while (!other.isDone() || !run.lag().isNone(List.of(Topics.HOLDINGS_TOPIC.name()))) {
      Thread.sleep(SAMPLE_MILLIS);
      long committed = run.lag().committed(Topics.HOLDINGS_TOPIC.name());
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
