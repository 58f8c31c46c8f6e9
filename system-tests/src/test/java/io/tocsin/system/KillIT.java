package io.tocsin.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL for every process while an incident is being told. {@code -Dkill.people=20000} for more
 * people than a build has time for.
 */
class KillIT {

  private static final String INCIDENT_ID = "killed-half-way";
  private static final int PEOPLE = Integer.getInteger("kill.people", 3_000);
  private static final int SLOTS_OF_A_CHANNEL = 16;
  private static final Duration HALF_WAY_WITHIN = Duration.ofMinutes(2);
  private static final Duration TOLD_WITHIN = Duration.ofMinutes(4);

  /** A rate at which "half-way" lasts long enough to be met. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "notifier.email.concurrency", Integer.toString(SLOTS_OF_A_CHANNEL),
          "notifier.sms.concurrency", Integer.toString(SLOTS_OF_A_CHANNEL),
          "notifier.email.rate", Integer.toString(Math.max(200, PEOPLE / 8)),
          "notifier.sms.rate", Integer.toString(Math.max(100, PEOPLE / 16)));

  @TempDir private Path folder;

  @Test
  void shouldTellEverybodyAfterAKillAndListWhomItMayHaveToldTwice() throws Exception {
    // Given: an incident that is being told
    Path data = folder.resolve("data");
    try (Stack stack = Stack.up(data, SETTINGS)) {
      Operator operator = new Operator(stack, folder);
      operator.importUsers(users());
      operator.importHoldings(
          IntStream.range(0, PEOPLE)
              .mapToObj(i -> "registration," + userId(i) + ",2026-01-01T00:00:00Z,,name;email")
              .toList());
      operator.publish(INCIDENT).ok();
      operator.approve(INCIDENT_ID, 1, Operator.APPROVER).ok();
      Mailbox mailbox = new Mailbox(stack.mailDir());
      Awaitility.await("half of the mails")
          .atMost(HALF_WAY_WITHIN)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> mailbox.count() >= PEOPLE / 2);

      // When
      stack.kill();
      assertThat(mailbox.count()).isLessThan(PEOPLE);
    }
    try (Stack stack = Stack.up(data, SETTINGS)) {
      Operator operator = new Operator(stack, folder);
      Standing standing = operator.awaitFinished(INCIDENT_ID, 1, TOLD_WITHIN);

      // Then: everybody is told
      Map<String, Integer> arrivals = arrivals(stack);
      assertThat(standing.affected()).isEqualTo(PEOPLE);
      assertThat(standing.substitutes()).isZero();
      assertThat(arrivals).hasSize(PEOPLE + PEOPLE / 2);

      // And: everybody told twice is on the list, which is no longer than what was in flight
      Collection<NoticeRecord> notices = NoticeRecord.of(stack.reader(), INCIDENT_ID);
      Set<String> listed = possibleDuplicates(notices);
      Set<String> twice = new HashSet<>();
      arrivals.forEach((message, times) -> {
        if (times > 1) {
          twice.add(message);
        }
      });
      assertThat(listed).containsAll(twice).hasSizeLessThanOrEqualTo(2 * SLOTS_OF_A_CHANNEL);
      assertThat(arrivals.values()).allMatch(times -> times <= 2);
      assertThat(standing.possibleDuplicates()).isEqualTo(listed.size());
    }
  }

  /**
   * How often each message arrived, by reference and channel; every person has an address and a
   * number of their own.
   */
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

  private static Set<String> possibleDuplicates(Collection<NoticeRecord> notices) {
    Set<String> listed = new HashSet<>();
    for (NoticeRecord notice : notices) {
      for (NoticeRecord.DeliveryRecord delivery : notice.deliveries()) {
        if (!delivery.possibleDuplicates().isEmpty()) {
          listed.add(notice.reference() + " " + delivery.channel());
        }
      }
    }
    return listed;
  }

  private static List<String> users() {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < PEOPLE; i++) {
      String locale = List.of("en", "ru", "kk").get(i % 3);
      String phone = i % 2 == 0 ? "+9997" + (14_100_000 + i) : "";
      rows.add("%s,%s,kill%d@example.com,%s".formatted(userId(i), locale, i, phone));
    }
    return rows;
  }

  private static String userId(int i) {
    return "kill-" + i;
  }

  private static final String INCIDENT =
      """
      {"incidentId": "%s", "version": 1, "kind": "disclosure", "reporter": "siem",
       "scope": {"datasets": [{"dataset": "registration"}]}, "detectedAt": "2026-04-02T10:00:00Z"}
      """
          .formatted(INCIDENT_ID);
}
