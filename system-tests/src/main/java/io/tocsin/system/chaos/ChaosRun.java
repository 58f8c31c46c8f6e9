package io.tocsin.system.chaos;

import io.tocsin.avro.Channel;
import io.tocsin.avro.Holding;
import io.tocsin.avro.Incident;
import io.tocsin.avro.Interval;
import io.tocsin.avro.User;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.cluster.Publisher;
import io.tocsin.cli.operate.Decisions;
import io.tocsin.cli.operate.IncidentFile;
import io.tocsin.cli.operate.IncidentStatus;
import io.tocsin.cli.operate.Intake;
import io.tocsin.cli.operate.NoticeWords;
import io.tocsin.cli.operate.StatusReader;
import io.tocsin.notifier.smtp.SmtpSettings;
import io.tocsin.notifier.twilio.TwilioSettings;
import io.tocsin.schemas.contact.EmailAddress;
import io.tocsin.schemas.contact.PhoneNumber;
import io.tocsin.schemas.id.HoldingKey;
import io.tocsin.schemas.seal.ContactSealer;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.system.fault.FaultySmtp;
import io.tocsin.system.fault.FaultyTwilio;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** One run, from empty topics to the report. */
final class ChaosRun {

  private static final String INCIDENT_ID = "chaos";
  private static final String DATASET = "registration";
  private static final String INCIDENT =
      """
      {"incidentId": "%s", "version": 1, "kind": "disclosure", "reporter": "siem",
       "scope": {"datasets": [{"dataset": "%s"}]}, "detectedAt": "2026-04-02T10:00:00Z"}
      """
          .formatted(INCIDENT_ID, DATASET);

  private static final String ACCOUNT_SID = "AC0123456789abcdef0123456789abcdef";
  private static final String AUTH_TOKEN = "chaos-token";
  private static final String SENDER = "+15005550006";

  private static final Duration SLOW_ANSWER = Duration.ofMillis(800);
  private static final Duration RECEIPT_AFTER = Duration.ofMillis(200);
  private static final Duration LATE_RECEIPT_AFTER = Duration.ofSeconds(5);
  private static final Duration STANDSTILL = Duration.ofMinutes(3);
  private static final Duration RECEIPTS_WITHIN = Duration.ofMinutes(2);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private final ChaosPlan plan;
  private final Map<String, String> settings;
  private final Path folder;
  private final Consumer<String> progress;
  private final People people;
  private final Arrivals arrivals;
  private final Script script;

  /**
   * A run.
   *
   * @param settings configuration that goes before the plan's
   * @param progress is told what is being done
   */
  ChaosRun(ChaosPlan plan, Map<String, String> settings, Path folder, Consumer<String> progress) {
    this.plan = plan;
    this.settings = settings;
    this.folder = folder;
    this.progress = progress;
    this.people = new People(INCIDENT_ID, plan.people());
    this.arrivals = new Arrivals(plan.people());
    this.script = new Script(people, plan.seed(), plan.share(), arrivals);
  }

  /** Runs it. */
  Report run() throws Exception {
    FaultyTwilio.Account account = new FaultyTwilio.Account(ACCOUNT_SID, AUTH_TOKEN);
    int connections = plan.slots() * plan.notifiers();
    say("every provider takes %d ms over a message", plan.answer().toMillis());
    try (FaultySmtp smtp =
            new FaultySmtp(
                script.smtp(), new FaultySmtp.Pace(plan.answer(), SLOW_ANSWER), connections);
        FaultyTwilio twilio =
            new FaultyTwilio(
                account,
                script.twilio(),
                new FaultyTwilio.Pace(plan.answer(), RECEIPT_AFTER, LATE_RECEIPT_AFTER))) {
      Map<String, String> all = new HashMap<>(plan.settings());
      all.put(SmtpSettings.HOST, "127.0.0.1");
      all.put(SmtpSettings.PORT, Integer.toString(smtp.port()));
      all.put(TwilioSettings.BASE_URL, twilio.baseUrl());
      all.put(TwilioSettings.ACCOUNT_SID, account.sid());
      all.put(TwilioSettings.AUTH_TOKEN, account.token());
      all.put(TwilioSettings.FROM, SENDER);
      all.putAll(settings);
      try (ChaosStack stack = new ChaosStack(folder, plan.streams(), plan.notifiers(), all)) {
        return run(stack, twilio);
      }
    }
  }

  private Report run(ChaosStack stack, FaultyTwilio twilio) throws Exception {
    say("broker and registry are up");
    stack.startOwn();
    say("%d streams and %d notifiers are up", plan.streams(), plan.notifiers());
    try (Cluster cluster = stack.connect();
        Metrics metrics = new Metrics()) {
      load(cluster, stack.keys().contactSealer());
      say("%,d people imported", plan.people());
      new Intake(cluster)
          .publish(new IncidentFile(Clock.systemUTC(), null).parse(INCIDENT), sent -> {});
      try (StatusReader reader = new StatusReader(cluster, INCIDENT_ID)) {
        approve(cluster, reader);
        say("%,d people affected, approved", plan.people());
        long begun = System.nanoTime();
        Killer killer =
            new Killer(stack, metrics, arrivals, plan.deliveries(), plan.kills(), plan.seed());
        List<Kill> kills =
            killer.run(kill ->
                say(
                    "%s killed with %.0f %% outstanding and %d slots occupied, ready again after %d"
                        + " ms",
                    kill.part(), 100 * kill.outstanding(), kill.slots(), kill.readyMillis()));
        IncidentStatus told =
            await(reader, status -> status.state() == IncidentStatus.State.COMPLETE);
        double seconds = (System.nanoTime() - begun) / 1e9;
        say("gap %d after %.1f s; %,d messages", told.gap(), seconds, arrivals.messages());
        awaitReceipts(twilio, reader);
        RecordAudit record = RecordAudit.read(cluster, people);
        say("record read");
        return new Report(
            new Report.Run(
                plan,
                kills,
                seconds,
                killer.largestHeap(),
                twilio.receipts().givenUp(),
                twilio.receipts().forgeriesTaken()),
            arrivals,
            record,
            new Verdict(people, arrivals, record, script));
      }
    }
  }

  private void load(Cluster cluster, ContactSealer sealer) {
    Holding holding =
        Holding.newBuilder()
            .setIntervals(
                List.of(
                    Interval.newBuilder()
                        .setFrom(Instant.parse("2026-01-01T00:00:00Z"))
                        .setCategories(List.of("name", "email"))
                        .build()))
            .build();
    try (Publisher<User> users = new Publisher<>(cluster, Topics.USERS_TOPIC);
        Publisher<Holding> holdings = new Publisher<>(cluster, Topics.HOLDINGS_TOPIC)) {
      for (int person = 0; person < people.count(); person++) {
        String userId = people.userId(person);
        users.send(
            userId,
            User.newBuilder()
                .setLocale(people.locale(person))
                .setContacts(
                    List.of(
                        sealer.seal(userId, EmailAddress.parse(people.email(person))),
                        sealer.seal(userId, PhoneNumber.parse(people.phone(person)))))
                .build());
        holdings.send(new HoldingKey(DATASET, userId).toString(), holding);
      }
      users.flush();
      holdings.flush();
    }
  }

  private void approve(Cluster cluster, StatusReader reader) {
    IncidentStatus identified =
        await(
            reader,
            status ->
                status.identified()
                    && status.affected() == people.count()
                    && !status.locales().containsKey("und"));
    if (!identified.identified() || identified.affected() != people.count()) {
      throw new IllegalStateException(
          "%d people are affected, not %d".formatted(identified.affected(), people.count()));
    }
    Incident incident = reader.page().requireAccepted();
    new Decisions(cluster, Clock.systemUTC())
        .approve(
            incident,
            NoticeWords.compile(cluster.config(), incident),
            identified.affected(),
            null,
            "data-protection-officer",
            null);
  }

  /** Waits as long as anything moves. */
  private IncidentStatus await(StatusReader reader, Predicate<IncidentStatus> wanted) {
    while (true) {
      IncidentStatus before = reader.read();
      if (wanted.test(before)) {
        return before;
      }
      int messages = arrivals.messages();
      IncidentStatus now =
          reader.await(
              status ->
                  wanted.test(status)
                      || !status.channels().equals(before.channels())
                      || status.affected() != before.affected(),
              status -> {},
              STANDSTILL);
      boolean stuck =
          now.channels().equals(before.channels())
              && now.affected() == before.affected()
              && arrivals.messages() == messages;
      if (wanted.test(now) || stuck) {
        return now;
      }
    }
  }

  /** What is UNREACHABLE is known once the last receipt has been taken in. */
  private void awaitReceipts(FaultyTwilio twilio, StatusReader reader) throws InterruptedException {
    long deadline = System.nanoTime() + RECEIPTS_WITHIN.toNanos();
    while (twilio.receipts().pending() > 0 && System.nanoTime() - deadline < 0) {
      Thread.sleep(LOOK_AGAIN);
    }
    long expected = expectedUnreachable();
    IncidentStatus status =
        reader.await(
            now -> unreachable(now) >= expected && now.state() == IncidentStatus.State.COMPLETE,
            now -> {},
            Duration.ofSeconds(20));
    say("%d deliveries unreachable, %d by the script", unreachable(status), expected);
  }

  private long expectedUnreachable() {
    long expected = 0;
    for (int person = 0; person < people.count(); person++) {
      for (Channel channel : Channel.values()) {
        expected += script.unreachable(channel, person) ? 1 : 0;
      }
    }
    return expected;
  }

  private static long unreachable(IncidentStatus status) {
    long sum = 0;
    for (Channel channel : Channel.values()) {
      sum += status.deliveries(channel, "UNREACHABLE");
    }
    return sum;
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency of its own
  private void say(String format, Object... arguments) {
    progress.accept(String.format(Locale.ROOT, format, arguments));
  }
}
