package io.tocsin.bench.identify;

import static io.tocsin.bench.Figures.rounded;

import io.tocsin.bench.Figures;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.utils.AppInfoParser;
import org.jspecify.annotations.Nullable;

/** What was measured, and what follows from it; what was left out is missing. */
final class Report {

  private final Workload workload;
  private final Map<String, Object> shape = new LinkedHashMap<>();
  private final Map<String, Object> fanout = new LinkedHashMap<>();
  private final Map<String, Object> fanoutSeconds = new LinkedHashMap<>();
  private final Map<String, Object> ingest = new LinkedHashMap<>();
  private final Map<String, Object> ingestSeconds = new LinkedHashMap<>();
  private final Map<String, Object> restart = new LinkedHashMap<>();
  private final Map<String, Object> rest = new LinkedHashMap<>();
  private @Nullable Scans ours;
  private double oursIngest;

  Report(Workload workload, int partitions, int threads) {
    this.workload = workload;
    shape.put("holdings", workload.holdings());
    shape.put("affected", workload.affected());
    shape.put("partitions", partitions);
    shape.put("threads", threads);
    shape.put("cores", Runtime.getRuntime().availableProcessors());
    shape.put("java", Runtime.version().toString());
    shape.put("kafka", AppInfoParser.getVersion());
  }

  void oursIngest(double seconds) {
    oursIngest = seconds;
    addIngest("ours", seconds);
  }

  void oursScans(Scans scans) {
    ours = scans;
    addFanOut("ours", scans, "");
  }

  void fkJoin(FkJoinRun.Result result) {
    addIngest("fkJoin", result.ingestSeconds());
    ingest.put("vsFkJoin", rounded(result.ingestSeconds() / oursIngest, 2));
    addFanOut("fkJoin", result.scans(), "vsFkJoin");
  }

  void producer(Scans scans) {
    addFanOut("producer", scans, "vsProducer");
  }

  void postgres(double seconds, Scans scans) {
    addIngest("postgres", seconds);
    addFanOut("postgres", scans, "vsPostgres");
  }

  void input(InputDuringScan.Result result) {
    ingest.put("duringScan", rounded(result.ratio(), 2));
    ingest.put("duringScanPerSecond", result.during());
    ingest.put("withoutScanPerSecond", result.alone());
  }

  void firstAffected(double millis) {
    rest.put("firstAffectedMs", Math.round(millis));
  }

  void largest(Transactions.Largest largest) {
    Map<String, Object> transaction = new LinkedHashMap<>();
    transaction.put("records", largest.records());
    transaction.put("ms", largest.millis());
    rest.put("largestTransaction", transaction);
  }

  void restartAfterStop(double seconds) {
    restart.put("clean", rounded(seconds, 1));
  }

  void restartAfterSigkill(double seconds) {
    restart.put("sigkill", rounded(seconds, 1));
  }

  void peakRss(long megabytes) {
    rest.put("peakRssMb", megabytes);
  }

  void smallStoreScans(Scans scans) {
    rest.put("smallStoreScanSeconds", rounded(scans.median(), 3));
  }

  void total(Duration elapsed) {
    rest.put("totalSeconds", elapsed.toSeconds());
  }

  /** Everything, in the order in which it should be read. */
  Map<String, Object> figures() {
    Map<String, Object> all = new LinkedHashMap<>(shape);
    if (fanout.get("fkJoin") instanceof Long join
        && fanout.get("producer") instanceof Long producer) {
      fanout.put("fkJoinVsProducer", rounded((double) join / producer, 2));
    }
    fanout.put("seconds", fanoutSeconds);
    all.put("fanout", fanout);
    ingest.put("seconds", ingestSeconds);
    all.put("ingest", ingest);
    all.putAll(rest);
    if (!restart.isEmpty()) {
      all.put("restartSeconds", restart);
    }
    if (ours != null && rest.get("smallStoreScanSeconds") instanceof Double small) {
      all.put("scanVsSmallStore", rounded(ours.median() / small, 2));
    }
    return all;
  }

  private void addIngest(String who, double seconds) {
    ingest.put(who, Figures.rate(workload.holdings(), seconds));
    ingestSeconds.put(who, rounded(seconds, 1));
  }

  private void addFanOut(String who, Scans scans, String ratio) {
    fanout.put(who, scans.rate(workload.affected()));
    fanoutSeconds.put(who, rounded(scans.seconds(), 3));
    if (!ratio.isEmpty() && ours != null) {
      fanout.put(ratio, rounded(scans.median() / ours.median(), 2));
    }
  }
}
