package io.tocsin.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An incident is held while it is being told, and goes on. {@code -Dhold.people=100000} for more
 * people than a build has time for.
 */
class HoldIT {

  private static final String INCIDENT_ID = "held-half-way";
  private static final int PEOPLE = Integer.getInteger("hold.people", 2_000);
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(120 + PEOPLE / 100);
  private static final Duration STILL_FOR = Duration.ofSeconds(3);

  /** A rate at which "half-way" lasts long enough to be met. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "notifier.email.rate", Integer.toString(Math.max(80, PEOPLE / 100)),
          "notifier.sms.rate", Integer.toString(Math.max(80, PEOPLE / 100)));

  @TempDir private Path folder;

  @Test
  void shouldTellNobodyTwiceAndMissNobodyWhenHeldHalfWay() throws Exception {
    try (Stack stack = Stack.up(folder.resolve("data"), SETTINGS)) {
      // Given: an incident that is being told, and somebody who watches
      Operator operator = new Operator(stack, folder);
      operator.importUsers(users());
      operator.importHoldings(
          IntStream.range(0, PEOPLE)
              .mapToObj(i -> "registration," + userId(i) + ",2026-01-01T00:00:00Z,,name;email")
              .toList());
      operator.publish(INCIDENT).ok();
      Tocsin.Started watch = stack.watch("incident", "status", INCIDENT_ID, "--watch");
      operator.approve(INCIDENT_ID, 1, Operator.APPROVER).ok();
      Mailbox mailbox = new Mailbox(stack.mailDir());
      Awaitility.await("a quarter of the mails")
          .atMost(TOLD_WITHIN)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> mailbox.count() >= PEOPLE / 4);

      // When
      decide(stack, "hold");
      long held = awaitStill(mailbox);
      decide(stack, "resume");
      operator.awaitFinished(INCIDENT_ID, 1, TOLD_WITHIN);

      // Then: it stopped half-way, and everybody was told once by either channel
      assertThat(held).isLessThan(PEOPLE);
      assertThat(arrivals(stack))
          .hasSize(2 * PEOPLE)
          .allSatisfy((to, times) -> assertThat(times).isEqualTo(1));

      // And: whenever it was looked at, everybody affected stood somewhere
      Awaitility.await("the end of the watch").until(() -> !watch.process().isAlive());
      List<JsonNode> looks = watch.out().lines().map(Json::read).toList();
      assertThat(looks).extracting(look -> look.path("state").asText()).contains("HELD", "SENDING");
      assertThat(looks)
          .allSatisfy(look ->
              assertThat(sum(look.path("people"))).isEqualTo(look.path("affected").asLong()));
      JsonNode last = looks.getLast().path("people");
      assertThat(last.path("TOLD").asLong()).isEqualTo(PEOPLE);
    }
  }

  private static void decide(Stack stack, String what) throws IOException, InterruptedException {
    stack
        .tocsin("incident", what, INCIDENT_ID, "--as", Operator.APPROVER, "--note", "checking")
        .ok();
  }

  /** Waits until no mail has come for a while; returns how many there are. */
  private static long awaitStill(Mailbox mailbox) throws IOException {
    long[] last = {mailbox.count(), System.nanoTime()};
    Awaitility.await("no more mails")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> {
          long now = mailbox.count();
          if (now != last[0]) {
            last[0] = now;
            last[1] = System.nanoTime();
          }
          return System.nanoTime() - last[1] > STILL_FOR.toNanos();
        });
    return last[0];
  }

  private static long sum(JsonNode states) {
    return StreamSupport.stream(states.spliterator(), false).mapToLong(JsonNode::asLong).sum();
  }

  /** How often each message arrived, by reference and channel. */
  private static Map<String, Integer> arrivals(Stack stack) throws IOException {
    Map<String, Integer> arrivals = new HashMap<>();
    for (ReceivedMail mail : new Mailbox(stack.mailDir()).messages()) {
      arrivals.merge(mail.reference() + " EMAIL", 1, Integer::sum);
    }
    for (SmsInbox.ReceivedSms sms : new SmsInbox(stack.smsLog()).messages()) {
      arrivals.merge(sms.references().getFirst() + " SMS", 1, Integer::sum);
    }
    return arrivals;
  }

  private static List<String> users() {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < PEOPLE; i++) {
      String locale = List.of("en", "ru", "kk").get(i % 3);
      rows.add("%s,%s,held%d@example.com,+9997%d".formatted(userId(i), locale, i, 15_000_000 + i));
    }
    return rows;
  }

  private static String userId(int i) {
    return "held-" + i;
  }

  private static final String INCIDENT =
      """
      {"incidentId": "%s", "version": 1, "kind": "disclosure", "reporter": "siem",
       "scope": {"datasets": [{"dataset": "registration"}]}, "detectedAt": "2026-04-02T10:00:00Z"}
      """
          .formatted(INCIDENT_ID);
}
