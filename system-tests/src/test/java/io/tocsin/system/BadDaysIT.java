package io.tocsin.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.system.fault.FaultySmtp;
import io.tocsin.system.fault.FaultyTwilio;
import io.tocsin.system.fault.SmtpFault;
import io.tocsin.system.fault.SmtpScript;
import io.tocsin.system.fault.TwilioFault;
import io.tocsin.system.fault.TwilioScript;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Providers and the registry have a bad day, and nobody is lost or told twice. {@code
 * -Dbad.seconds=600} for a day as bad as in the promise.
 */
class BadDaysIT {

  private static final int PEOPLE = 100;
  private static final Duration BAD = Duration.ofSeconds(Integer.getInteger("bad.seconds", 5));
  private static final Duration TOLD_WITHIN = BAD.plusSeconds(120);
  private static final int CONNECTIONS = 100;
  private static final String SHARED_ADDRESS = "shared@example.com";
  private static final FaultyTwilio.Account ACCOUNT =
      new FaultyTwilio.Account("AC0123456789abcdef0123456789abcdef", "a token");

  @TempDir private static Path folder;

  private static final Mails MAILS = new Mails();
  private static final Texts TEXTS = new Texts();
  private static int smtpPort;
  private static FaultySmtp smtp;
  private static FaultyTwilio twilio;
  private static Stack stack;
  private static Operator operator;

  @BeforeAll
  static void start() throws Exception {
    smtp = new FaultySmtp(MAILS, FaultySmtp.Pace.FAST, CONNECTIONS);
    smtpPort = smtp.port();
    twilio = new FaultyTwilio(ACCOUNT, TEXTS, FaultyTwilio.Pace.FAST);
    stack = Stack.up(folder.resolve("data"), settings());
    operator = new Operator(stack, folder);
    operator.importUsers(users());
    operator.importHoldings(holdings());
  }

  @AfterAll
  static void stop() throws IOException {
    if (stack != null) {
      stack.close();
    }
    twilio.close();
    smtp.close();
  }

  @Test
  void shouldTellEverybodyOnceWhenTheProvidersAreBackFromABadDay() throws Exception {
    // Given: no SMTP server, and a Twilio that answers 500 to everything
    smtp.close();
    TEXTS.fault = TwilioFault.NONE.with(TwilioFault.Answer.LOST_THEN_500);
    operator.publish(incident("bad-providers", "registration")).ok();
    operator.approve("bad-providers", 1, Operator.APPROVER).ok();
    Awaitility.await("refused texts").atMost(TOLD_WITHIN).until(() -> TEXTS.asked.get() >= 10);
    lastsForAWhile();

    // And: the SMTP server is back, with a full disk
    MAILS.fault = SmtpFault.FULL_AFTER_DOT;
    smtp = new FaultySmtp(smtpPort, MAILS, FaultySmtp.Pace.FAST, CONNECTIONS);
    Awaitility.await("refused mails").atMost(TOLD_WITHIN).until(() -> MAILS.asked.get() >= 10);
    lastsForAWhile();

    // When
    MAILS.fault = SmtpFault.NONE;
    TEXTS.fault = TwilioFault.NONE;
    Standing standing = operator.awaitFinished("bad-providers", 1, TOLD_WITHIN);

    // Then
    assertThat(standing.affected()).isEqualTo(PEOPLE);
    assertThat(standing.substitutes()).isZero();
    for (int i = 0; i < PEOPLE; i++) {
      assertThat(MAILS.taken).containsEntry("bad" + i + "@example.com", 1);
      assertThat(TEXTS.taken).containsEntry(phone(i), 1);
    }
  }

  @Test
  void shouldGoOnWithoutTheRegistry() throws Exception {
    // Given: every schema has been used
    operator.tell(
        "before-the-registry-is-away", incident("before-the-registry-is-away", "feedback"));
    int before = MAILS.taken.getOrDefault("warm@example.com", 0);
    assertThat(before).isEqualTo(1);
    String approved = "without-the-registry";
    operator.publish(incident(approved, "purchases")).ok();
    operator.approve(approved, 1, Operator.APPROVER, "--canary", "1").ok();
    Awaitility.await("the canary")
        .atMost(TOLD_WITHIN)
        .until(() -> MAILS.taken.getOrDefault(SHARED_ADDRESS, 0) > 0);
    Tocsin.Started resume = null;
    long registry = Objects.requireNonNull(stack.pids().get("registry"));

    // When: it stands still while the rest is told
    try {
      resume =
          stack.watch("incident", "resume", approved, "--as", Operator.APPROVER, "--note", "go on");
      Awaitility.await("the first of the rest")
          .atMost(TOLD_WITHIN)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> MAILS.taken.getOrDefault(SHARED_ADDRESS, 0) > 2);
      signal("STOP", registry);

      // Then: a notice for each of many people with one address
      Awaitility.await("all of them")
          .atMost(TOLD_WITHIN)
          .until(() -> MAILS.taken.getOrDefault(SHARED_ADDRESS, 0) == PEOPLE);
    } finally {
      signal("CONT", registry);
    }
    assertThat(resume.process().waitFor(1, TimeUnit.MINUTES)).isTrue();
    Standing standing = operator.awaitFinished(approved, 1, TOLD_WITHIN);
    assertThat(standing.affected()).isEqualTo(PEOPLE);
    assertThat(MAILS.taken).containsEntry(SHARED_ADDRESS, PEOPLE);
    assertThat(standing.possibleDuplicates()).isZero();
  }

  /** Nothing to wait for: time itself is what is tested. */
  private static void lastsForAWhile() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(BAD.toMillis());
  }

  private static void signal(String name, long pid) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor())
        .isZero();
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("smtp.host", "127.0.0.1");
    settings.put("smtp.port", Integer.toString(smtpPort));
    settings.put("smtp.starttls", "off");
    settings.put("twilio.base.url", twilio.baseUrl());
    settings.put("twilio.account.sid", ACCOUNT.sid());
    settings.put("twilio.auth.token", ACCOUNT.token());
    settings.put("twilio.from", "+15005550006");
    settings.put("notifier.breaker.pause.ms", "1000");
    settings.put("dispatch.reissue.ms", "200");
    settings.put("dispatch.reissue.max.ms", "2000");
    settings.put("dispatch.retry.first.ms", "500");
    settings.put("dispatch.retry.max.ms", "2000");
    settings.put("dispatch.command.ttl.ms", "3000");
    settings.put("dispatch.call.max.ms", "3000");
    settings.put("dispatch.reconcile.first.ms", "500");
    settings.put("dispatch.reconcile.window.ms", "1000");
    return settings;
  }

  private static List<String> users() {
    List<String> users = new ArrayList<>(List.of("warm,en,warm@example.com,"));
    for (int i = 0; i < PEOPLE; i++) {
      users.add("bad-%d,en,bad%d@example.com,%s".formatted(i, i, phone(i)));
      users.add("shared-%d,ru,%s,".formatted(i, SHARED_ADDRESS));
    }
    return users;
  }

  private static List<String> holdings() {
    List<String> holdings = new ArrayList<>(List.of("feedback,warm,2026-01-01T00:00:00Z,,email"));
    IntStream.range(0, PEOPLE)
        .forEach(i -> {
          holdings.add("registration,bad-" + i + ",2026-01-01T00:00:00Z,,name;email");
          holdings.add("purchases,shared-" + i + ",2026-01-01T00:00:00Z,,purchases");
        });
    return holdings;
  }

  private static String phone(int i) {
    return "+9997" + (16_100_000 + i);
  }

  private static String incident(String id, String dataset) {
    return """
    {"incidentId": "%s", "version": 1, "kind": "disclosure", "reporter": "siem",
     "scope": {"datasets": [{"dataset": "%s"}]}, "detectedAt": "2026-04-02T10:00:00Z"}
    """
        .formatted(id, dataset);
  }

  private static final class Mails implements SmtpScript {

    private final AtomicInteger asked = new AtomicInteger();
    private final Map<String, Integer> taken = new ConcurrentHashMap<>();
    private volatile SmtpFault fault = SmtpFault.NONE;

    @Override
    public SmtpFault next(String recipient) {
      if (fault != SmtpFault.NONE) {
        asked.incrementAndGet();
      }
      return fault;
    }

    @Override
    public void taken(String recipient, String messageId) {
      taken.merge(recipient, 1, Integer::sum);
    }
  }

  private static final class Texts implements TwilioScript {

    private final AtomicInteger asked = new AtomicInteger();
    private final Map<String, Integer> taken = new ConcurrentHashMap<>();
    private volatile TwilioFault fault = TwilioFault.NONE;

    @Override
    public TwilioFault next(String to) {
      asked.incrementAndGet();
      return fault;
    }

    @Override
    public void taken(String to, String body) {
      taken.merge(to, 1, Integer::sum);
    }
  }
}
