package io.tocsin.bench.identify;

import io.tocsin.avro.Incident;
import io.tocsin.bench.BenchStack;
import io.tocsin.bench.Figures;
import io.tocsin.bench.Lag;
import io.tocsin.bench.Progress;
import io.tocsin.bench.ResidentMemory;
import io.tocsin.cli.cluster.Publisher;
import io.tocsin.cli.stack.StackException;
import io.tocsin.cli.stack.StartedPart;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.streams.identifier.IdentifierPart;
import io.tocsin.streams.identifier.IdentifierTopology;
import io.tocsin.streams.intake.IntakePart;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Ours: the identifier as a process of its own, and intake beside it, so that incidents come to it
 * as they do in production.
 */
final class IdentifierRun implements AutoCloseable {

  static final List<String> PARTS = List.of(IntakePart.NAME, IdentifierPart.NAME);

  private static final int HEAP_MEGABYTES = 384;

  /** Longer than anything here should take. */
  static final Duration PATIENCE = Duration.ofMinutes(20);

  /** While it is paused, nobody may take its partitions. */
  private static final String LONGEST_PAUSE_MS = "60000";

  private static final int INTAKE_HEAP_MEGABYTES = 128;
  private static final String SMALL_DATASET = "feedback";

  private final BenchStack stack;
  private final Progress progress;
  private final int markers;
  private final Lag lag;
  private final Publisher<Incident> incidents;
  private @Nullable StartedPart identifier;
  private long peakMegabytes;
  private int published;

  /**
   * Starts intake; the identifier is still to be started.
   *
   * @param partitions of holdings and of affected alike
   */
  IdentifierRun(BenchStack stack, int partitions, Progress progress)
      throws StackException, InterruptedException {
    this.stack = stack;
    this.progress = progress;
    this.markers = partitions * partitions;
    this.lag = new Lag(stack.cluster().admin(), IdentifierTopology.APPLICATION_ID);
    this.incidents = new Publisher<>(stack.cluster(), Topics.INCIDENTS);
    StartedPart _ = stack.startTocsin(IntakePart.NAME, INTAKE_HEAP_MEGABYTES, Map.of());
  }

  /** What it has committed of the holdings, in records. */
  Lag lag() {
    return lag;
  }

  /** Starts the identifier; returns the seconds from the process's start until it is ready. */
  double start() throws StackException, InterruptedException {
    long begun = System.nanoTime();
    identifier =
        stack.startTocsin(
            IdentifierPart.NAME,
            HEAP_MEGABYTES,
            Map.of("streams.main.consumer.session.timeout.ms", LONGEST_PAUSE_MS));
    double seconds = Figures.seconds(begun, System.nanoTime());
    progress.say("ours: ready %.1f s after its start", seconds);
    return seconds;
  }

  /** Stops it as SIGTERM does. */
  void stop() throws IOException, InterruptedException {
    if (!lastWords().stop()) {
      throw new IllegalStateException("The identifier did not stop in time");
    }
    identifier = null;
  }

  /** Stops its clock: it neither reads nor writes until {@link #goOn}. */
  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Lets it go on. */
  void goOn() throws IOException, InterruptedException {
    signal("CONT");
  }

  /** Ends it by SIGKILL as soon as it has named somebody, with a transaction under way. */
  void killInMidScan() throws IOException, InterruptedException {
    try (AffectedReader reader = reader()) {
      String id = publish(Workload.incident(nextId(), 1));
      reader.read(id, 1, 0, PATIENCE);
      lastWords().kill();
      identifier = null;
    }
  }

  /** Starts it on topics that are full; returns the seconds from ready until all is committed. */
  double ingest(int records) throws Exception {
    start();
    long begun = System.nanoTime();
    awaitCaughtUp();
    double seconds = Figures.seconds(begun, System.nanoTime());
    progress.say("ours: ingest %.1f s, %,d/s", seconds, Figures.rate(records, seconds));
    return seconds;
  }

  /** Returns when it has committed all holdings. */
  void awaitCaughtUp() throws Exception {
    lag.awaitNone(List.of(Topics.HOLDINGS_TOPIC.name()), PATIENCE);
  }

  /** From an incident's publication until a reader has every affected user and end marker. */
  Scans scans(Workload workload) throws Exception {
    return Scans.measure(
        workload,
        progress,
        "ours",
        number -> {
          try (AffectedReader reader = reader()) {
            long begun = System.nanoTime();
            String id = publish(Workload.incident(nextId(), 1));
            AffectedReader.Seen seen = reader.read(id, workload.affected(), markers, PATIENCE);
            seen.requireExactly(workload, "ours");
            return Figures.seconds(begun, seen.lastNanos());
          }
        });
  }

  /**
   * From an incident's publication on an idle system until a reader has the first affected user.
   *
   * @param users how many the incident touches
   */
  double firstAffectedMillis(int rounds, int users) throws InterruptedException {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      try (AffectedReader reader = reader()) {
        Thread.sleep(500 + 37L * i);
        long begun = System.nanoTime();
        String id = publish(Workload.incidentIn(nextId(), SMALL_DATASET));
        AffectedReader.Seen seen = reader.read(id, users, markers, PATIENCE);
        millis.add((seen.firstNanos() - begun) / 1e6);
      }
    }
    progress.say("ours: first affected after %s ms", Figures.rounded(millis, 0));
    return Figures.median(millis);
  }

  /** A dataset of few users, for {@link #firstAffectedMillis}. */
  static String smallDataset() {
    return SMALL_DATASET;
  }

  /** Publishes an incident and returns its id. */
  String publish(Incident incident) {
    incidents.send(incident.getIncidentId(), incident);
    incidents.flush();
    return incident.getIncidentId();
  }

  /** An id that no incident has had. */
  String nextId() {
    published++;
    return "BENCH-" + published;
  }

  /** Reads what it writes from now on. */
  AffectedReader reader() {
    return new AffectedReader(stack.cluster(), Topics.AFFECTED.name());
  }

  /** End markers of an incident: of every shard in every partition. */
  int markers() {
    return markers;
  }

  /** The most memory that any of its processes so far ever had resident. */
  long peakMegabytes() throws IOException {
    if (identifier != null) {
      peakMegabytes =
          Math.max(peakMegabytes, ResidentMemory.peakMegabytes(identifier.pid()).orElse(0));
    }
    return peakMegabytes;
  }

  @Override
  public void close() {
    incidents.close();
  }

  private void signal(String name) throws IOException, InterruptedException {
    long pid = Objects.requireNonNull(identifier, "The identifier is not running").pid();
    int exit = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    if (exit != 0) {
      throw new IllegalStateException("kill -" + name + " ended with " + exit);
    }
  }

  private StartedPart lastWords() throws IOException {
    peakMegabytes();
    return Objects.requireNonNull(identifier, "The identifier is not running");
  }
}
