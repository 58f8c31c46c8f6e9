package io.tocsin.cli.operate;

import io.tocsin.avro.IdentificationProgress;
import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentProgress;
import io.tocsin.cli.CommandException;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.cluster.LatestView;
import io.tocsin.schemas.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Reads how one incident stands, again and again at little cost. Not thread-safe. */
public final class StatusReader implements AutoCloseable {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

  private final Cluster cluster;
  private final String incidentId;
  private final LatestView<IdentificationProgress> shards;
  private final LatestView<IncidentProgress> partitions;

  private Ledger.Page page;

  /**
   * Reads the incident's record.
   *
   * @throws CommandException if nobody has published it, or intake has accepted no version
   */
  public StatusReader(Cluster cluster, String incidentId) {
    this.cluster = cluster;
    this.incidentId = incidentId;
    this.page = Ledger.read(cluster).require(incidentId);
    page.requireAccepted();
    Predicate<String> ours = key -> key.startsWith(incidentId + "/");
    this.shards = new LatestView<>(cluster, Topics.IDENTIFICATION_PROGRESS, ours);
    this.partitions = new LatestView<>(cluster, Topics.INCIDENT_PROGRESS, ours);
  }

  /** The incident's record, as it was last read. */
  public Ledger.Page page() {
    return page;
  }

  /** How the latest accepted version stands now. */
  public IncidentStatus read() {
    Collection<IdentificationProgress> identification = shards.refresh();
    Collection<IncidentProgress> dispatch = partitions.refresh();
    int newest =
        Stream.of(
                identification.stream().mapToInt(IdentificationProgress::getVersion),
                dispatch.stream().mapToInt(IncidentProgress::getVersion))
            .flatMapToInt(versions -> versions)
            .max()
            .orElse(0);
    Incident incident = page.requireAccepted();
    if (newest > incident.getVersion()) {
      page = Ledger.read(cluster).require(incidentId);
      incident = page.requireAccepted();
    }
    Instant acceptedAt =
        page.acceptance().map(answer -> answer.getAnsweredAt()).orElse(incident.getReportedAt());
    return IncidentStatus.of(incident, acceptedAt, identification, dispatch, Instant.now());
  }

  /**
   * Waits until the status is as wanted.
   *
   * @param seen gets every status that was read on the way
   * @param patience how long to wait
   * @return the last status read, wanted or not
   */
  public IncidentStatus await(
      Predicate<IncidentStatus> wanted, Consumer<IncidentStatus> seen, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      IncidentStatus status = read();
      seen.accept(status);
      if (wanted.test(status) || System.nanoTime() - deadline > 0 || Thread.interrupted()) {
        return status;
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }

  @Override
  public void close() {
    shards.close();
    partitions.close();
  }
}
