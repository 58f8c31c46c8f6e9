package io.tocsin.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mails to a real Postfix, which takes all of them and sends some back. */
class PostfixIT {

  private static final String INCIDENT_ID = "sent-back";
  private static final int PEOPLE = 200;
  private static final Duration SOON = Duration.ofMinutes(2);

  @TempDir private Path folder;

  @Test
  void shouldTakeBouncesAndTellThePersonOtherwise() throws Exception {
    assumeTrue(Postfix.isInstalled(), "Skipped: needs Debian's postfix, and root to run it");

    // Given: a Postfix that does not know every fifth person
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    int smtpPort = Ports.free();
    int bouncePort = Ports.free();
    List<String> known =
        IntStream.range(0, PEOPLE).filter(i -> !isUnknown(i)).mapToObj(PostfixIT::userId).toList();
    Set<String> unknown = people(PostfixIT::isUnknown);
    Set<String> nowhere = people(i -> isUnknown(i) && !hasPhone(i));
    try (Postfix postfix = Postfix.start(folder.resolve("postfix"), smtpPort, known, bouncePort);
        Stack stack = Stack.up(folder.resolve("data"), settings(smtpPort, bouncePort))) {
      Operator operator = new Operator(stack, folder);
      operator.importUsers(users());
      operator.importHoldings(
          IntStream.range(0, PEOPLE)
              .mapToObj(i -> "registration," + userId(i) + ",2026-01-01T00:00:00Z,,name;email")
              .toList());

      // When
      operator.publish(INCIDENT).ok();
      operator.approve(INCIDENT_ID, 1, Operator.APPROVER).ok();
      Awaitility.await("the bounces")
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(500))
          .until(() -> unreachable(stack).equals(unknown));
      operator.awaitFinished(INCIDENT_ID, 1, SOON);

      // Then: they came back after they had been accepted
      Collection<NoticeRecord> notices = NoticeRecord.of(stack.reader(), INCIDENT_ID);
      assertThat(transitions(stack))
          .allMatch(words -> words.contains("bounced"))
          .hasSize(unknown.size());
      assertThat(states(notices, "EMAIL"))
          .isEqualTo(Map.of("ACCEPTED", PEOPLE - unknown.size(), "UNREACHABLE", unknown.size()));

      // And: who has a number got the SMS, and the others are on the list, they alone
      Set<String> texted =
          operator.smsOf(INCIDENT_ID).stream()
              .map(SmsInbox.ReceivedSms::to)
              .collect(Collectors.toSet());
      assertThat(texted)
          .isEqualTo(
              IntStream.range(0, PEOPLE)
                  .filter(PostfixIT::hasPhone)
                  .mapToObj(PostfixIT::phone)
                  .collect(Collectors.toSet()));
      assertThat(
              notices.stream()
                  .filter(notice -> notice.substitute() != null)
                  .map(NoticeRecord::userId)
                  .collect(Collectors.toSet()))
          .isEqualTo(nowhere);

      // And: that is what the command says
      assertThat(listed(stack)).isEqualTo(unknown);
      JsonNode status = Json.read(stack.tocsin("incident", "status", INCIDENT_ID).ok().out());
      assertThat(status.path("email").path("UNREACHABLE").asInt()).isEqualTo(unknown.size());
      assertThat(status.path("substitutes").asInt()).isEqualTo(nowhere.size());
    }
  }

  private static Map<String, String> settings(int smtpPort, int bouncePort) {
    Map<String, String> settings = new HashMap<>();
    settings.put("smtp.host", "127.0.0.1");
    settings.put("smtp.port", Integer.toString(smtpPort));
    settings.put("smtp.bounce.domain", "bounces.example");
    settings.put("bounces.port", Integer.toString(bouncePort));
    return settings;
  }

  private static Set<String> unreachable(Stack stack) {
    return NoticeRecord.of(stack.reader(), INCIDENT_ID).stream()
        .filter(notice ->
            notice.deliveries().stream()
                .anyMatch(delivery ->
                    delivery.channel().equals("EMAIL") && delivery.state().equals("UNREACHABLE")))
        .map(NoticeRecord::userId)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What became of the notices that came back, in words, in order. */
  private static Collection<List<String>> transitions(Stack stack) {
    Map<String, List<String>> words = new HashMap<>();
    for (ForeignReader.Read read : stack.reader().all("tocsin.notices")) {
      if (read.value() != null && read.text("incidentId").equals(INCIDENT_ID)) {
        words
            .computeIfAbsent(read.text("userId"), key -> new ArrayList<>())
            .add(read.text("transition"));
      }
    }
    words.keySet().retainAll(people(PostfixIT::isUnknown));
    return words.values();
  }

  private static Map<String, Integer> states(Collection<NoticeRecord> notices, String channel) {
    Map<String, Integer> states = new HashMap<>();
    for (NoticeRecord notice : notices) {
      notice.deliveries().stream()
          .filter(delivery -> delivery.channel().equals(channel))
          .forEach(delivery -> states.merge(delivery.state(), 1, Integer::sum));
    }
    return states;
  }

  /** Whom {@code incident status} names. */
  private static Set<String> listed(Stack stack) throws Exception {
    JsonNode rows =
        stack.tocsin("incident", "status", INCIDENT_ID, "--unreachable", "email").ok().json();
    Set<String> listed = new TreeSet<>();
    rows.forEach(row -> listed.add(row.path("userId").asText()));
    return listed;
  }

  private static Set<String> people(Predicate<Integer> who) {
    return IntStream.range(0, PEOPLE)
        .boxed()
        .filter(who)
        .map(PostfixIT::userId)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean isUnknown(int i) {
    return i % 5 == 0;
  }

  private static boolean hasPhone(int i) {
    return i % 2 == 0;
  }

  private static String userId(int i) {
    return "sent-back-" + i;
  }

  private static String phone(int i) {
    return "+9997" + (15_100_000 + i);
  }

  private static List<String> users() {
    return IntStream.range(0, PEOPLE)
        .mapToObj(i ->
            "%s,en,%s@people.example,%s"
                .formatted(userId(i), userId(i), hasPhone(i) ? phone(i) : ""))
        .toList();
  }

  private static final String INCIDENT =
      """
      {"incidentId": "%s", "version": 1, "kind": "disclosure", "reporter": "siem",
       "scope": {"datasets": [{"dataset": "registration"}]}, "detectedAt": "2026-04-02T10:00:00Z"}
      """
          .formatted(INCIDENT_ID);
}
