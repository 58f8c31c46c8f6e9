package io.tocsin.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tocsin.cli.sample.SampleFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What an operator is told about input that is wrong: what, where and what to do, in sentences and
 * not in stack traces.
 */
@ExtendWith(RunningStack.class)
class BadInputIT {

  private static final int FAILED = 1;
  private static final int USAGE = 2;
  private static final int REFUSED = 3;

  private static final Pattern REFUSED_ROW = Pattern.compile(":(\\d+): refused: ");

  @TempDir private Path desk;

  @ParameterizedTest
  @CsvSource({
    "incident-no-scope, scope is empty",
    "incident-from-after-until, exposedFrom is not before scope.exposedUntil",
    "incident-unknown-dataset, scope.datasets[0].dataset",
    "incident-unknown-category, is not in the catalogue",
  })
  void shouldRefuseAnIncidentThatMakesNoSense(String name, String reason, Stack stack)
      throws Exception {
    // When
    Tocsin.Result result = stack.tocsin("incident", "publish", sample("broken/" + name + ".json"));

    // Then
    assertThat(result.exitCode()).isEqualTo(REFUSED);
    assertThat(result.err()).contains(reason);
    isASentence(result);
  }

  @Test
  void shouldNameTheLineOfAnIncidentThatIsNotJson(Stack stack) throws Exception {
    Tocsin.Result result =
        stack.tocsin("incident", "publish", sample("broken/incident-not-json.json"));

    assertThat(result.exitCode()).isEqualTo(USAGE);
    assertThat(result.err()).contains("incident-not-json.json").containsPattern("line \\d+");
    isASentence(result);
  }

  @Test
  void shouldLoadTheGoodRowsOfAFileAndNameTheBadOnesWithoutTheirContacts(Stack stack)
      throws Exception {
    // When
    Tocsin.Result users = stack.tocsin("users", "import", sample("broken/users.csv"));
    Tocsin.Result holdings = stack.tocsin("holdings", "import", sample("broken/holdings.csv"));

    // Then
    assertThat(users.exitCode()).isEqualTo(FAILED);
    assertThat(lineNumbers(users)).containsExactly(3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15);
    assertThat(users.out() + users.err()).doesNotContain("example.", "+9997", "701 000");
    isASentence(users);
    assertThat(holdings.exitCode()).isEqualTo(FAILED);
    assertThat(lineNumbers(holdings)).containsExactly(3, 4, 5, 6, 7, 8, 9);
    isASentence(holdings);
    assertThat(stack.reader().keys("tocsin.users"))
        .contains("b-01", "b-14", "b-15", "b-16", "b-17")
        .doesNotContain("b-02", "b-03", "b-05", "b-08", "b-09");
  }

  @Test
  void shouldPutUnknownUsersAndThoseWithoutAChannelOnTheSubstituteListAndTellTheOthers(Stack stack)
      throws Exception {
    // Given
    Operator operator = new Operator(stack, desk);
    operator.importUsers(
        List.of(
            "bad-1,en,bad.shared@example.com,", "bad-2,ru,bad.shared@example.com,", "bad-3,kk,,"));

    // When
    Standing standing = operator.tell("bad-listed", LISTED);

    // Then: two users with one address get a notice each
    assertThat(standing.affected()).isEqualTo(4);
    assertThat(operator.mailsOf("bad-listed"))
        .extracting(ReceivedMail::recipient, ReceivedMail::language)
        .containsExactlyInAnyOrder(
            tuple("bad.shared@example.com", "en"), tuple("bad.shared@example.com", "ru"));
    assertThat(NoticeRecord.of(stack.reader(), "bad-listed"))
        .filteredOn(notice -> notice.substitute() != null)
        .extracting(NoticeRecord::userId)
        .containsExactlyInAnyOrder("bad-3", "bad-nobody");
    assertThat(stack.tocsin("substitutes", "export", "--incident", "bad-listed").ok().out())
        .contains("bad-3", "bad-nobody")
        .doesNotContain("bad-1", "bad-2");
  }

  @Test
  void shouldNameAnUnknownKeyOfTheConfigurationAndTheOneThatWasMeant(Stack stack) throws Exception {
    Tocsin.Result result = stack.tocsin("incident", "list", "--set", "smtp.hots=127.0.0.1");

    assertThat(result.exitCode()).isEqualTo(USAGE);
    assertThat(result.err()).contains("smtp.hots").contains("smtp.host");
    isASentence(result);
  }

  @Test
  void shouldNameAnUnknownVariableOfATemplateAtTheStart() throws Exception {
    // Given: the built-in templates, with a slip of the pen in one
    Path templates = desk.resolve("templates");
    copyTemplate(templates, "email.html");
    for (String locale : List.of("en", "ru", "kk")) {
      for (String file : List.of("subject.txt", "email.txt", "sms.txt", "facts.properties")) {
        copyTemplate(templates, locale + "/" + file);
      }
    }
    Path sms = templates.resolve("en/sms.txt");
    Files.writeString(
        sms, Files.readString(sms).replace("{{controllerEmail}}", "{{controllerEmial}}"));

    // When
    Tocsin.Result result =
        Tocsin.run(
            desk,
            List.of(
                "up",
                "--data",
                desk.resolve("data").toString(),
                "--set",
                "templates.dir=" + templates));

    // Then
    assertThat(result.exitCode()).isIn(FAILED, USAGE);
    assertThat(result.err()).contains("sms.txt").contains("controllerEmial");
    isASentence(result);
  }

  @Test
  void shouldSayThatTheRegistryIsDown(Stack stack) throws Exception {
    // Given
    String nowhere = "http://127.0.0.1:" + freePort();

    // When
    Tocsin.Result part =
        stack.tocsin(
            "intake", "--set", "schema.registry.url=" + nowhere, "--set", "start.wait.ms=2000");

    // Then
    assertThat(part.exitCode()).isEqualTo(FAILED);
    assertThat(part.err()).contains(nowhere);
    isASentence(part);
  }

  @Test
  void shouldSayThatKafkaIsDown(Stack stack) throws Exception {
    // Given
    String nowhere = "127.0.0.1:" + freePort();

    // When
    Tocsin.Result command =
        stack.tocsin(
            "incident",
            "list",
            "--set",
            "kafka.bootstrap.servers=" + nowhere,
            "--set",
            "command.wait.ms=3000");

    // Then
    assertThat(command.exitCode()).isEqualTo(FAILED);
    assertThat(command.err()).contains(nowhere);
    isASentence(command);
  }

  private static void isASentence(Tocsin.Result result) {
    assertThat(result.out() + result.err()).doesNotContainPattern("(?m)^\\s+at [a-z]+\\.");
    assertThat(result.out() + result.err()).doesNotContainPattern("[a-z]Exception\\b");
  }

  private static List<Integer> lineNumbers(Tocsin.Result result) {
    return REFUSED_ROW
        .matcher(result.err())
        .results()
        .map(match -> Integer.parseInt(match.group(1)))
        .distinct()
        .sorted()
        .toList();
  }

  private String sample(String name) throws IOException {
    Path file = desk.resolve(Path.of(name).getFileName());
    return Files.writeString(file, SampleFiles.resource(name)).toString();
  }

  private static void copyTemplate(Path folder, String name) throws IOException {
    Path copy = folder.resolve(name);
    Files.createDirectories(Objects.requireNonNull(copy.getParent()));
    try (InputStream in =
        Objects.requireNonNull(
            BadInputIT.class.getResourceAsStream("/templates/default/" + name))) {
      Files.copy(in, copy);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static final String LISTED =
      """
      {"incidentId": "bad-listed", "version": 1, "kind": "disclosure", "reporter": "siem",
       "scope": {"users": [
         {"userId": "bad-1", "dataset": "feedback", "categories": ["message-text"]},
         {"userId": "bad-2", "dataset": "feedback", "categories": ["message-text"]},
         {"userId": "bad-3", "dataset": "feedback", "categories": ["message-text"]},
         {"userId": "bad-nobody", "dataset": "feedback", "categories": ["message-text"]}]}}
      """;
}
