package io.tocsin.cli.demo;

import io.tocsin.cli.Progress;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.operate.IncidentStatus;
import io.tocsin.cli.sample.ExpectedAffected;
import io.tocsin.cli.sample.ExpectedPerson;
import io.tocsin.schemas.seal.Keys;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** A demo on a stack that has its topics: people in, incident through, arrivals counted. */
final class DemoRun {

  private final StackRun run;
  private final DemoSample sample;
  private final PrintWriter err;
  private final Steps steps;

  /**
   * Prepares it.
   *
   * @param err where progress is shown
   */
  DemoRun(StackRun run, DemoSample sample, PrintWriter err, Steps steps) {
    this.run = run;
    this.sample = sample;
    this.err = err;
    this.steps = steps;
  }

  /** Runs it to its end; the people are loaded while the parts still start. */
  DemoSummary run() throws Exception {
    CompletableFuture<Long> expected =
        steps.fork("expected recipients written", sample::writeExpected);
    try (Cluster cluster = Cluster.connect(run.config())) {
      load(cluster);
      run.awaitReady();
      Duration ready = steps.sinceBegun();
      Instant readyAt = Instant.now();
      steps.say("every part ready");
      IncidentStatus status = new DemoIncident(cluster, sample.incidentJson(), err, steps).run();
      Duration send =
          status.lastAcceptedAt().map(at -> Duration.between(readyAt, at)).orElse(Duration.ZERO);
      Steps.join(expected);
      DeliveryAudit.Result arrivals = steps.run("arrivals counted", () -> audit(readyAt));
      return new DemoSummary(
          run.stack(),
          sample.data().size(),
          status,
          arrivals,
          new DemoSummary.Times(ready, send, steps.sinceBegun()));
    }
  }

  private void load(Cluster cluster) throws Exception {
    try (Progress progress = new Progress(err, "Loading", "people", sample.data().size())) {
      steps.run(
          "people and holdings loaded",
          () -> {
            Keys keys = Keys.in(sample.files().keys());
            new SampleLoad(cluster, keys.contactSealer()).load(sample.data(), progress);
            return sample.data().size();
          });
    }
  }

  private DeliveryAudit.Result audit(Instant since) throws IOException {
    StackPlan plan = run.stack().plan();
    try (Stream<ExpectedPerson> people = ExpectedAffected.read(plan.files().expected())) {
      DeliveryAudit audit = new DeliveryAudit(people, since, plan.counted());
      if (plan.sinksMail()) {
        audit.count(new MailArrivals().read(plan.data().mail()));
      }
      if (plan.standsInForTwilio()) {
        audit.count(SmsArrivals.read(plan.data().smsLog()));
      }
      return audit.result();
    }
  }
}
