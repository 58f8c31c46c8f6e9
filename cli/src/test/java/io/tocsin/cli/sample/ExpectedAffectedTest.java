package io.tocsin.cli.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.schemas.catalogue.Catalogue;
import io.tocsin.schemas.id.NoticeIds;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("NullAway") // a missing entry fails the test by itself
class ExpectedAffectedTest {

  private static final SampleData SAMPLE = new SampleData(SampleData.DEFAULT_SEED, 1_000);
  private static final Catalogue CATALOGUE = Catalogue.sample();

  @ParameterizedTest
  @CsvSource({
    // held from, held until, affected by the window [10, 20)
    "05, 10, false",
    "05, 11, true",
    "05,   , true",
    "10, 20, true",
    "12, 13, true",
    "19, 25, true",
    "20, 25, false",
    "20,   , false",
    "05, 25, true"
  })
  void shouldTakeTimesAsHalfOpen(String from, @Nullable String until, boolean meets) {
    // Given
    SampleIncident.Window window = new SampleIncident.Window(day("10"), day("20"));
    SampleInterval held =
        new SampleInterval(day(from), until == null ? null : day(until), List.of("name"));

    // When, Then
    assertThat(window.meets(held)).isEqualTo(meets);
  }

  @Test
  void shouldTakeAnOpenWindowAsBoundless() {
    // Given
    SampleInterval held = new SampleInterval(day("05"), day("06"), List.of("name"));

    // When, Then
    assertThat(new SampleIncident.Window(null, null).meets(held)).isTrue();
    assertThat(new SampleIncident.Window(day("06"), null).meets(held)).isFalse();
    assertThat(new SampleIncident.Window(null, day("05")).meets(held)).isFalse();
    assertThat(new SampleIncident.Window(null, day("06")).meets(held)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"200", "1000", "20000"})
  void shouldAffectBetweenThirtyAndSeventyPercentInAllLanguagesByTheDemosIncident(int users) {
    // Given
    SampleData sample = new SampleData(SampleData.DEFAULT_SEED, users);

    // When
    List<ExpectedPerson> people = affected(sample, SampleFiles.INCIDENTS.getFirst());

    // Then
    assertThat(people.size() / (double) users).isBetween(0.4, 0.6);
    assertThat(people.stream().map(ExpectedPerson::locale).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder("en", "ru", "kk");
    assertThat(people).anyMatch(ExpectedPerson::unreachable);
    assertThat(people).anyMatch(person -> person.email() == null && person.smsDue());
    assertThat(people).anyMatch(person -> person.phone() == null && person.emailDue());
    assertThat(people.stream().map(ExpectedPerson::categories).distinct().count())
        .isGreaterThanOrEqualTo(4);
    assertThat(people.stream().flatMap(person -> person.categories().stream()))
        .containsOnly("email", "phone", "password-hash");
  }

  @Test
  void shouldNameOnlyWhatOverlappingIntervalsHeld() {
    // Given: a window in which nobody's later number counts
    SampleIncident incident = incident("[{\"dataset\":\"registration\"}]", "", "[]");

    // When
    Map<String, ExpectedPerson> people = byId(incident);

    // Then
    for (SampleUser user : SAMPLE.users().toList()) {
      Set<String> held =
          SAMPLE.holdings(user).stream()
              .filter(holding -> holding.dataset().equals("registration"))
              .flatMap(holding -> holding.intervals().stream())
              .flatMap(interval -> interval.categories().stream())
              .collect(Collectors.toSet());
      if (held.isEmpty()) {
        assertThat(people).doesNotContainKey(user.userId());
      } else {
        assertThat(people.get(user.userId()).categories())
            .containsExactlyElementsOf(CATALOGUE.inOrder(held));
      }
    }
  }

  @Test
  void shouldLeaveOutWhoIsExcepted() {
    // Given
    SampleIncident all = incident("[{\"dataset\":\"registration\"}]", "", "[]");
    SampleIncident but = incident("[{\"dataset\":\"registration\"}]", "\"u-0000001\"", "[]");

    // When, Then
    assertThat(byId(all)).containsKey("u-0000001");
    assertThat(byId(but)).hasSize(byId(all).size() - 1).doesNotContainKey("u-0000001");
  }

  @Test
  void shouldTakeTheWordOfEvidence() {
    // Given
    List<ExpectedPerson> people = affected(SAMPLE, "misdirected-replies.json");

    // When, Then
    assertThat(people).hasSize(12);
    assertThat(people.getFirst().userId()).isEqualTo("u-0000001");
    assertThat(people.getFirst().categories()).containsExactly("name", "email", "message-text");
  }

  @Test
  void shouldJoinTwoDatasetsIntoOnePerson() {
    // Given
    List<ExpectedPerson> people = affected(SAMPLE, "server-loss.json");

    // When, Then
    assertThat(people.stream().map(ExpectedPerson::userId)).doesNotHaveDuplicates();
    assertThat(people)
        .anyMatch(person -> person.categories().containsAll(List.of("purchases", "ip-address")));
    assertThat(people).noneMatch(person -> person.categories().contains("cookies"));
    assertThat(people).noneMatch(person -> person.userId().equals("u-0000002"));
  }

  @Test
  void shouldAffectNobodyByAWithdrawnIncident() {
    // Given
    String json = SampleFiles.incident("server-loss.json").replace("\"active\"", "\"withdrawn\"");

    // When
    try (Stream<ExpectedPerson> people =
        new ExpectedAffected(SAMPLE, SampleIncident.parse(json), CATALOGUE).people()) {

      // Then
      assertThat(people).isEmpty();
    }
  }

  @Test
  void shouldReadBackWhatItWrote(@TempDir Path folder) {
    // Given
    SampleIncident incident = SampleIncident.parse(SampleFiles.incident("server-loss.json"));
    ExpectedAffected expected = new ExpectedAffected(SAMPLE, incident, CATALOGUE);
    Path file = folder.resolve("expected.jsonl");

    // When
    long lines = expected.write(file);

    // Then
    try (Stream<ExpectedPerson> read = ExpectedAffected.read(file)) {
      List<ExpectedPerson> people = read.toList();
      assertThat(people).hasSize((int) lines).containsExactlyElementsOf(expected.people().toList());
      assertThat(people.getFirst().reference())
          .isEqualTo(
              NoticeIds.reference(
                  NoticeIds.noticeId(incident.incidentId(), people.getFirst().userId(), 1)));
    }
  }

  private static List<ExpectedPerson> affected(SampleData sample, String file) {
    return new ExpectedAffected(sample, SampleIncident.parse(SampleFiles.incident(file)), CATALOGUE)
        .people()
        .toList();
  }

  private static Map<String, ExpectedPerson> byId(SampleIncident incident) {
    return new ExpectedAffected(SAMPLE, incident, CATALOGUE)
        .people()
        .collect(Collectors.toMap(ExpectedPerson::userId, person -> person));
  }

  private static SampleIncident incident(String datasets, String except, String users) {
    return SampleIncident.parse(
        """
        {"incidentId": "INC-1", "scope":
          {"datasets": %s, "exceptUsers": [%s], "users": %s}}
        """
            .formatted(datasets, except, users));
  }

  private static Instant day(String dayOfMonth) {
    return Instant.parse("2026-03-" + dayOfMonth.strip() + "T00:00:00Z");
  }
}
