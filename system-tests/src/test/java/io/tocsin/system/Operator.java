package io.tocsin.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * The operator's staff at work on a stack, by the command alone; what came of it is read from
 * topics, mailbox and phone.
 */
final class Operator {

  static final String APPROVER = "data-protection-officer";

  private static final Duration LOOK_EVERY = Duration.ofMillis(300);
  private static final Duration SOON = Duration.ofSeconds(90);

  private final Stack stack;
  private final Path desk;

  /** Works with files in a folder of its own. */
  Operator(Stack stack, Path desk) {
    this.stack = stack;
    this.desk = desk;
  }

  /** {@code users import} of {@code userId,locale,email,phone} rows. */
  void importUsers(List<String> rows) throws IOException, InterruptedException {
    String csv =
        rows.stream()
            .map(row -> row.replaceFirst("^([^,]*,[^,]*),", "$1,KZ,"))
            .collect(Collectors.joining("\n", "userId,locale,residency,email,phone\n", "\n"));
    stack.tocsin("users", "import", file("users.csv", csv)).ok();
  }

  /** {@code holdings import} of rows as they stand in the file. */
  void importHoldings(List<String> rows) throws IOException, InterruptedException {
    String csv =
        rows.stream()
            .collect(Collectors.joining("\n", "dataset,userId,from,until,categories\n", "\n"));
    stack.tocsin("holdings", "import", file("holdings.csv", csv)).ok();
  }

  /** {@code incident publish}. */
  Tocsin.Result publish(String incident) throws IOException, InterruptedException {
    return stack.tocsin("incident", "publish", file("incident.json", incident));
  }

  /** {@code incident approve} of the current version, once all of it is identified. */
  Tocsin.Result approve(String incidentId, int version, String person, String... options)
      throws IOException, InterruptedException {
    awaitStanding(
        incidentId,
        "identified",
        SOON,
        standing -> standing.complete() && standing.identified() == version);
    List<String> command =
        new ArrayList<>(List.of("incident", "approve", incidentId, "--as", person));
    command.addAll(List.of(options));
    return stack.tocsin(command.toArray(String[]::new));
  }

  /** Publishes version 1, has it approved and waits until everybody is told. */
  Standing tell(String incidentId, String incident) throws IOException, InterruptedException {
    publish(incident).ok();
    approve(incidentId, 1, APPROVER).ok();
    return awaitFinished(incidentId, 1, SOON);
  }

  /** Waits until everybody whom a version affects is told or accounted for. */
  Standing awaitFinished(String incidentId, int version, Duration within) {
    return awaitStanding(incidentId, "finished", within, standing -> standing.finished(version));
  }

  /** Waits until an incident stands as wanted. */
  Standing awaitStanding(
      String incidentId, String what, Duration within, Predicate<Standing> wanted) {
    ForeignReader reader = stack.reader();
    return Awaitility.await("incident " + incidentId + " " + what)
        .atMost(within)
        .pollInterval(LOOK_EVERY)
        .until(() -> Standing.of(reader, incidentId), wanted);
  }

  /** The mails that one incident led to. */
  List<ReceivedMail> mailsOf(String incidentId) throws IOException {
    Set<String> references = references(incidentId);
    return new Mailbox(stack.mailDir())
        .messages().stream().filter(mail -> references.contains(mail.reference())).toList();
  }

  /** The SMS that one incident led to. */
  List<SmsInbox.ReceivedSms> smsOf(String incidentId) throws IOException {
    Set<String> references = references(incidentId);
    return new SmsInbox(stack.smsLog())
        .messages().stream()
            .filter(sms -> sms.references().stream().anyMatch(references::contains))
            .toList();
  }

  private Set<String> references(String incidentId) {
    return NoticeRecord.of(stack.reader(), incidentId).stream()
        .map(NoticeRecord::reference)
        .collect(Collectors.toSet());
  }

  private String file(String name, String content) throws IOException {
    return Files.writeString(desk.resolve(name), content).toString();
  }
}
