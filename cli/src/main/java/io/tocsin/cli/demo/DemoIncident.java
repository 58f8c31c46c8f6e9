package io.tocsin.cli.demo;

import io.tocsin.avro.Channel;
import io.tocsin.avro.Incident;
import io.tocsin.cli.CommandException;
import io.tocsin.cli.Progress;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.operate.Decisions;
import io.tocsin.cli.operate.IncidentFile;
import io.tocsin.cli.operate.IncidentStatus;
import io.tocsin.cli.operate.Intake;
import io.tocsin.cli.operate.NoticeWords;
import io.tocsin.cli.operate.StatusReader;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The demo's incident, from its publication to the last delivery. */
final class DemoIncident {

  /** Who approves: somebody else than who reports. */
  static final String APPROVER = "demo-approver";

  private static final Duration STANDSTILL = Duration.ofSeconds(60);
  private static final Duration RECEIPTS_WITHIN = Duration.ofSeconds(5);

  /** The language of people whom the directory does not know (BCP 47: undetermined). */
  private static final String UNKNOWN_LOCALE = "und";

  private static final Set<String> SETTLED =
      Set.of("ACCEPTED", "DELIVERED", "BOUNCED", "UNCONFIRMED", "UNREACHABLE");

  private final Cluster cluster;
  private final String json;
  private final PrintWriter err;
  private final Steps steps;

  /**
   * Prepares it.
   *
   * @param json the incident file's text
   * @param err where progress is shown
   */
  DemoIncident(Cluster cluster, String json, PrintWriter err, Steps steps) {
    this.cluster = cluster;
    this.json = json;
    this.err = err;
    this.steps = steps;
  }

  /**
   * Publishes, waits until everybody affected is known, has it approved, and waits until everybody
   * is told.
   */
  IncidentStatus run() throws Exception {
    IncidentFile.Publication publication = new IncidentFile(Clock.systemUTC(), null).parse(json);
    String incidentId = publication.incident().getIncidentId();
    steps.run(
        "incident " + incidentId + " accepted by intake",
        () -> new Intake(cluster).publish(publication, sent -> {}));
    try (StatusReader reader = new StatusReader(cluster, incidentId)) {
      IncidentStatus identified = await(reader, DemoIncident::isSettled, status -> {});
      if (!identified.identified()) {
        throw CommandException.failed(
            "The search for affected people has stood still for "
                + STANDSTILL.toSeconds()
                + " s; see the logs of the parts");
      }
      steps.say(
          "%d people affected %s, found in %.1f s"
              .formatted(
                  identified.affected(),
                  identified.locales(),
                  identified.identifySeconds().orElse(0.0)));
      if (!identified.approved()) {
        approve(reader.page().requireAccepted(), identified.affected());
        steps.say(
            "approved by " + APPROVER + "; reported by " + publication.incident().getReporter());
      }
      return follow(reader);
    }
  }

  /** Whether everybody is found and known: people who were loaded last may be found before that. */
  private static boolean isSettled(IncidentStatus status) {
    return status.identified() && !status.locales().containsKey(UNKNOWN_LOCALE);
  }

  private void approve(Incident incident, long affected) throws Exception {
    steps.run(
        "approval accepted by intake",
        () ->
            new Decisions(cluster, Clock.systemUTC())
                .approve(
                    incident,
                    NoticeWords.compile(cluster.config(), incident),
                    affected,
                    null,
                    APPROVER,
                    "Approved by the demo"));
  }

  private IncidentStatus follow(StatusReader reader) {
    try (Progress progress = new Progress(err, "Telling people", "deliveries", -1)) {
      IncidentStatus told =
          await(
              reader,
              status -> status.state() == IncidentStatus.State.COMPLETE,
              status -> {
                progress.expect(count(status, state -> true));
                progress.reach(count(status, SETTLED::contains));
              });
      steps.say(
          "%s, gap %d, substitutes %d"
              .formatted(
                  told.state() == IncidentStatus.State.COMPLETE ? "everybody told" : "standstill",
                  told.gap(),
                  told.substitutes()));
      return reader.await(
          status -> status.deliveries(Channel.SMS, "ACCEPTED") == 0, status -> {}, RECEIPTS_WITHIN);
    }
  }

  /** Waits as long as anything moves; the last status, wanted or not. */
  private static IncidentStatus await(
      StatusReader reader, Predicate<IncidentStatus> wanted, Consumer<IncidentStatus> seen) {
    IncidentStatus before = reader.read();
    IncidentStatus now = before;
    do {
      IncidentStatus known = before;
      now =
          reader.await(
              status -> wanted.test(status) || !sameCounts(status, known), seen, STANDSTILL);
      if (sameCounts(now, before)) {
        return now;
      }
      before = now;
    } while (!wanted.test(now));
    return now;
  }

  private static boolean sameCounts(IncidentStatus one, IncidentStatus other) {
    return one.channels().equals(other.channels())
        && one.scanned() == other.scanned()
        && one.shardsFinished() == other.shardsFinished()
        && one.affected() == other.affected()
        && one.gap() == other.gap()
        && one.identified() == other.identified()
        && one.approved() == other.approved();
  }

  private static long count(IncidentStatus status, Predicate<String> states) {
    return status.channels().values().stream()
        .flatMap(counts -> counts.entrySet().stream())
        .filter(count -> states.test(count.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
