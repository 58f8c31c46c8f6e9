package io.tocsin.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One incident several times, and several incidents at once: who is told how often. */
@ExtendWith(RunningStack.class)
class VersionsIT {

  private static final Duration SOON = Duration.ofSeconds(90);

  @TempDir private static Path desk;

  @BeforeAll
  static void shouldKnowPeople(Stack stack) throws Exception {
    Operator operator = new Operator(stack, desk);
    operator.importUsers(
        List.of(
            "ver-1,en,ver1@example.com,+999711000001",
            "ver-2,ru,ver2@example.com,",
            "ver-3,kk,ver3@example.com,",
            "ver-4,en,ver4@example.com,",
            "ver-5,ru,ver5@example.com,"));
    operator.importHoldings(
        List.of(
            "registration,ver-1,2019-01-01T00:00:00Z,2019-12-01T00:00:00Z,email;phone",
            "registration,ver-2,2019-01-01T00:00:00Z,2019-12-01T00:00:00Z,email;phone",
            "registration,ver-3,2019-01-01T00:00:00Z,2019-12-01T00:00:00Z,email",
            "registration,ver-4,2019-03-20T00:00:00Z,2019-12-01T00:00:00Z,email",
            "purchases,ver-1,2019-01-01T00:00:00Z,2019-12-01T00:00:00Z,purchases",
            "purchases,ver-5,2019-01-01T00:00:00Z,2019-12-01T00:00:00Z,purchases"));
  }

  @Test
  void shouldTellEverybodyOncePerIncidentAndOnlyTheNewlyAffectedOfAWiderVersion(Stack stack)
      throws Exception {
    // Given: an incident that has been told
    Operator operator = new Operator(stack, desk);
    String first = registration(1, "2019-03-15T00:00:00Z", "\"email\"");
    operator.tell("versions-first", first);
    assertThat(recipients(operator, "versions-first"))
        .containsExactlyInAnyOrder("ver1@example.com", "ver2@example.com", "ver3@example.com");

    // When: the same is published once more, then a wider version that nobody approves yet
    operator.publish(first).ok();
    operator.publish(registration(2, "2019-04-01T00:00:00Z", "\"email\", \"phone\"")).ok();
    operator.awaitStanding(
        "versions-first", "identified again", SOON, standing -> standing.identified() == 2);

    // And: a second incident that overlaps the first goes all its way meanwhile
    operator.tell("versions-second", OVERLAPPING);

    // Then: the first has told nobody anything more, and those affected by both have both
    assertThat(recipients(operator, "versions-first"))
        .containsExactlyInAnyOrder("ver1@example.com", "ver2@example.com", "ver3@example.com");
    assertThat(recipients(operator, "versions-second"))
        .containsExactlyInAnyOrder("ver1@example.com", "ver5@example.com");
    assertThat(operator.smsOf("versions-first")).hasSize(1);
    assertThat(operator.smsOf("versions-second")).hasSize(1);

    // When: the wider version is approved
    operator.approve("versions-first", 2, Operator.APPROVER).ok();
    operator.awaitFinished("versions-first", 2, SOON);

    // Then: it tells the newly affected, and those newly affected in a category
    assertThat(recipients(operator, "versions-first"))
        .containsExactlyInAnyOrder(
            "ver1@example.com",
            "ver2@example.com",
            "ver3@example.com",
            "ver1@example.com",
            "ver2@example.com",
            "ver4@example.com");
    assertThat(operator.smsOf("versions-first")).hasSize(2);
    assertThat(NoticeRecord.of(stack.reader(), "versions-first"))
        .filteredOn(notice -> notice.edition() == 2)
        .extracting(NoticeRecord::userId)
        .containsExactlyInAnyOrder("ver-1", "ver-2");
  }

  @Test
  void shouldNotLetTheReporterApprove(Stack stack) throws Exception {
    // Given
    Operator operator = new Operator(stack, desk);
    operator.publish(OVERLAPPING.replace("versions-second", "versions-own")).ok();

    // When
    Tocsin.Result approval = operator.approve("versions-own", 1, "SIEM");

    // Then
    assertThat(approval.exitCode()).isEqualTo(3);
    assertThat(approval.err()).contains("reporter").doesNotContain("Exception");
    assertThat(Standing.of(stack.reader(), "versions-own").approved()).isZero();
  }

  private static List<String> recipients(Operator operator, String incidentId) throws IOException {
    return operator.mailsOf(incidentId).stream().map(ReceivedMail::recipient).toList();
  }

  private static final String OVERLAPPING =
      """
      {"incidentId": "versions-second", "version": 1, "kind": "loss", "reporter": "siem",
       "scope": {"datasets": [{"dataset": "purchases"}], "exposedUntil": "2019-06-01T00:00:00Z"},
       "detectedAt": "2026-04-02T10:00:00Z"}
      """;

  private static String registration(int version, String until, String categories) {
    return """
    {"incidentId": "versions-first", "version": %d, "kind": "disclosure", "reporter": "siem",
     "scope": {"datasets": [{"dataset": "registration", "categories": [%s]}],
               "exposedFrom": "2019-03-01T00:00:00Z", "exposedUntil": "%s"},
     "detectedAt": "2026-04-01T10:00:00Z"}
    """
        .formatted(version, categories, until);
  }
}
