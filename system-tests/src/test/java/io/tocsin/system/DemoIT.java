package io.tocsin.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.cli.sample.SampleData;
import io.tocsin.cli.sample.SampleUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tocsin demo --users 1000 --exit}: what it says, what it sent, and what it left behind. */
class DemoIT {

  private static final int USERS = 1_000;
  private static final Duration WITHIN = Duration.ofMinutes(4);

  @TempDir private static Path folder;

  private static Path data = Path.of("data");
  private static Demo demo;
  private static List<Expected> expected = List.of();
  private static List<ReceivedMail> mails = List.of();
  private static List<SmsInbox.ReceivedSms> messages = List.of();

  @BeforeAll
  static void runTheDemo() throws Exception {
    data = folder.resolve("data");
    // Compression would hide an address that was written.
    demo = Demo.run(data, USERS, WITHIN, Map.of("kafka.compression.type", "none"));
    expected = Expected.read(demo.path("expectedFile"));
    mails = new Mailbox(demo.path("mailDir")).messages();
    messages = new SmsInbox(demo.path("smsLog")).messages();
  }

  @Test
  void shouldEndWithOneJsonObjectThatTellsTheWholeStory() {
    assertThat(demo.summary().properties())
        .extracting(Map.Entry::getKey)
        .contains(
            "incidentId",
            "users",
            "affected",
            "notices",
            "email",
            "sms",
            "unknown",
            "lost",
            "duplicates",
            "identifySeconds",
            "totalSeconds",
            "mailDir",
            "smsLog",
            "expectedFile",
            "pids");
    for (String channel : List.of("email", "sms")) {
      for (String count : List.of("accepted", "delivered", "failed")) {
        assertThat(demo.summary().at("/" + channel + "/" + count).isNumber()).isTrue();
      }
    }
    assertThat(demo.number("/users")).isEqualTo(USERS);
    assertThat(demo.number("/affected")).isEqualTo(expected.size());
    assertThat(demo.number("/notices")).isEqualTo(expected.size());
    assertThat(demo.number("/lost")).isZero();
    assertThat(demo.number("/duplicates")).isZero();
    assertThat(demo.number("/unknown")).isZero();
    assertThat(demo.number("/email/accepted")).isEqualTo(mails.size());
    assertThat(demo.number("/sms/accepted")).isEqualTo(messages.size());
  }

  @Test
  void shouldTellEverybodyAffectedOnceAndNobodyElse() {
    // When
    Map<String, Integer> arrivals = Expected.arrivals(expected, mails, messages);

    // Then
    assertThat(arrivals.values()).allMatch(times -> times == 1);
    assertThat(arrivals).hasSize((int) due());
  }

  @Test
  void shouldAffectAMixOfPeople() {
    assertThat(expected.size()).isBetween(USERS * 30 / 100, USERS * 70 / 100);
    assertThat(expected).extracting(Expected::locale).contains("en", "ru", "kk");
    assertThat(expected).anyMatch(person -> person.email() == null);
    assertThat(expected).anyMatch(person -> person.phone() == null);
    assertThat(expected).anyMatch(person -> person.emailRefused() || person.smsRefused());
    Map<String, Long> sharing =
        expected.stream()
            .filter(person -> person.email() != null)
            .collect(
                Collectors.groupingBy(
                    person -> Objects.requireNonNull(person.email()), Collectors.counting()));
    assertThat(sharing).containsValue(2L);
  }

  @Test
  void shouldRunItsPartsAsProcessesOfTheirOwnAndLeaveNone() {
    // Given
    Set<Long> pids = new TreeSet<>();
    demo.summary().path("pids").forEach(pid -> pids.add(pid.asLong()));

    // Then: broker, registry, mail sink, Twilio stand-in, streams, notifier
    assertThat(pids).hasSizeGreaterThanOrEqualTo(6);
    assertThat(demo.seen()).containsAll(pids);
    assertThat(demo.aliveAfter()).isEmpty();
  }

  @Test
  void shouldKeepOneWellFormedMessageForEachMail() {
    assertThat(mails).extracting(ReceivedMail::messageId).doesNotHaveDuplicates();
    assertThat(mails)
        .allSatisfy(mail -> {
          assertThat(mail.text()).isNotBlank();
          assertThat(mail.html()).contains("</html>");
          assertThat(mail.autoSubmitted()).isEqualTo("auto-generated");
        });
  }

  @Test
  void shouldKeepMessagesThatAParserOfAnotherMakeReads() throws Exception {
    assumeThat(PythonMail.isThere()).as("python3 is on this machine").isTrue();

    // When
    JsonNode read = PythonMail.read(demo.path("mailDir"));

    // Then
    assertThat(Json.texts(read.path("defects"))).isEmpty();
    assertThat(read.path("count").asInt()).isEqualTo(mails.size());
    assertThat(read.path("distinct").asInt()).isEqualTo(mails.size());
    assertThat(read.path("languages").properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder("en", "ru", "kk");
  }

  @Test
  void shouldWriteToEachInTheirLanguageAndNameWhatTheyLostAndNothingElse() throws IOException {
    // Given
    CategoryWords words = new CategoryWords();
    Map<String, Expected> people = Expected.byReference(expected);

    // Then
    for (ReceivedMail mail : mails) {
      Expected person = Objects.requireNonNull(people.get(mail.reference()));
      assertThat(mail.language()).isEqualTo(person.locale());
      assertThat(CategoryWords.firstList(mail.text()))
          .containsExactlyElementsOf(words.names(person.categories(), person.locale()));
      assertThat(mail.html()).contains(words.names(person.categories(), person.locale()));
    }
    for (SmsInbox.ReceivedSms sms : messages) {
      Expected person = Objects.requireNonNull(people.get(sms.references().getFirst()));
      assertThat(sms.body())
          .contains(words.names(person.categories().subList(0, 1), person.locale()))
          .doesNotContain(words.namesOfOthers(person.categories(), person.locale()));
    }
  }

  @Test
  void shouldSendNoLinks() {
    assertThat(
            Stream.concat(
                mails.stream().map(ReceivedMail::text),
                messages.stream().map(SmsInbox.ReceivedSms::body)))
        .noneMatch(text -> text.matches("(?is).*(https?:|www\\.).*"));
    assertThat(mails)
        .extracting(ReceivedMail::html)
        .noneMatch(html -> html.matches("(?is).*(href|src)\\s*=.*"));
  }

  @Test
  void shouldLeaveNoContactInTheDataFolderButWithTheStandIns() throws IOException {
    // Given
    List<String> contacts =
        new SampleData(SampleData.DEFAULT_SEED, USERS)
            .users()
            .flatMap(user -> Stream.of(email(user), phone(user)))
            .filter(c -> !c.isEmpty())
            .toList();
    assertThat(contacts)
        .containsAll(expected.stream().map(Expected::email).filter(Objects::nonNull).toList());
    LeakScan scan = new LeakScan(contacts);
    Predicate<Path> standIns = under(demo.path("mailDir"), parent(demo.path("smsLog")));

    // Then: the scan finds what it looks for where it must be, and nowhere else
    assertThat(scan.findings(demo.path("mailDir"), file -> false)).isNotEmpty();
    assertThat(scan.findings(parent(demo.path("smsLog")), file -> false)).isNotEmpty();
    assertThat(scan.findings(data, standIns)).isEmpty();
  }

  @Test
  void shouldKeepKeysOutsideTheDataFolder() throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.contains("private"));
    }
    assertThat(data.resolveSibling("data.keys").resolve("contacts.private.json")).exists();
  }

  @Test
  void shouldKeepTheRecordForTheNextStart() throws Exception {
    // When
    try (Stack stack = Stack.up(data, Map.of())) {
      ForeignReader reader = stack.reader();
      String incidentId = demo.summary().path("incidentId").asText();
      Collection<NoticeRecord> notices = NoticeRecord.of(reader, incidentId);

      // Then: those, and only those, whom the stand-ins refused on every channel are on the
      // substitute list
      assertThat(notices).hasSize(expected.size());
      assertThat(notices.stream().filter(n -> n.substitute() != null).map(NoticeRecord::userId))
          .containsExactlyInAnyOrderElementsOf(
              expected.stream()
                  .filter(person -> !person.emailDue() && !person.smsDue())
                  .map(Expected::userId)
                  .toList())
          .isNotEmpty();
      assertThat(persons(reader, "tocsin.decisions", "person", incidentId))
          .isNotEmpty()
          .doesNotContainAnyElementsOf(persons(reader, "tocsin.incidents", "reporter", incidentId));
      assertThat(reader.all("tocsin.dead-letters")).isEmpty();
      assertThat(new Mailbox(stack.mailDir()).count()).isEqualTo(mails.size());
    }
  }

  private static long due() {
    return expected.stream().filter(Expected::emailDue).count()
        + expected.stream().filter(Expected::smsDue).count();
  }

  private static List<String> persons(
      ForeignReader reader, String topic, String field, String incidentId) {
    return reader.all(topic).stream()
        .filter(read -> read.key().equals(incidentId))
        .map(read -> read.text(field))
        .toList();
  }

  private static Predicate<Path> under(Path... folders) {
    return file -> Stream.of(folders).anyMatch(file::startsWith);
  }

  private static Path parent(Path file) {
    return Objects.requireNonNull(file.getParent());
  }

  private static String email(SampleUser user) {
    return Objects.requireNonNullElse(user.email(), "");
  }

  private static String phone(SampleUser user) {
    return Objects.requireNonNullElse(user.phone(), "");
  }
}
