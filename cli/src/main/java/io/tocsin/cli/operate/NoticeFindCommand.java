package io.tocsin.cli.operate;

import io.tocsin.avro.Channel;
import io.tocsin.avro.Incident;
import io.tocsin.avro.Notice;
import io.tocsin.avro.SealedContact;
import io.tocsin.avro.User;
import io.tocsin.cli.CommandException;
import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.Progress;
import io.tocsin.cli.TocsinCommand;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.cluster.TopicReader;
import io.tocsin.schemas.contact.Contact;
import io.tocsin.schemas.contact.InvalidContactException;
import io.tocsin.schemas.id.NoticeIds;
import io.tocsin.schemas.topic.Topics;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tocsin notice find}. */
@Command(
    name = "find",
    description = {
      "Finds the notices of one person, or the notice with a reference.",
      "A recipient who asks whether a message is genuine reads out its reference: if --reference"
          + " finds a notice, it was sent by us. Exits with 1 if there is none."
    })
final class NoticeFindCommand extends TocsinCommand {

  /** More editions than a person's notice will ever have. */
  private static final int MOST_EDITIONS = 20;

  @ArgGroup(multiplicity = "1")
  private Whom whom = new Whom();

  /** One way of naming a person or a notice. */
  static final class Whom {

    @Parameters(paramLabel = "USER_ID", arity = "0..1", description = "Id of the person.")
    private @Nullable String userId;

    @Option(
        names = "--contact",
        paramLabel = "CONTACT",
        description = "An e-mail address or number; - reads it from standard input.")
    private @Nullable String contact;

    @Option(names = "--reference", paramLabel = "REFERENCE", description = "As a message shows it.")
    private @Nullable String reference;
  }

  @Override
  public Integer call() {
    try (Cluster cluster = Cluster.connect(config())) {
      Map<String, Notice> newest = new LinkedHashMap<>();
      search(cluster, wanted(cluster), notice -> newest.put(notice.getNoticeId(), notice));
      out()
          .rows(
              NoticeRows.COLUMNS,
              newest.values().stream().map(NoticeRows::of).toList(),
              "No notices.");
      return newest.isEmpty() ? ExitCodes.FAILED : ExitCodes.OK;
    }
  }

  private Predicate<String> wanted(Cluster cluster) {
    if (whom.reference != null) {
      String reference = References.normalised(whom.reference);
      return noticeId -> isNoticeId(noticeId) && NoticeIds.reference(noticeId).equals(reference);
    }
    Set<String> users =
        whom.contact == null
            ? Set.of(whom.userId == null ? "" : whom.userId)
            : usersOf(cluster, Contacts.read(whom.contact));
    Set<String> ids = new HashSet<>();
    for (String incidentId : cluster.reader().<Incident>newest(Topics.INCIDENTS).keySet()) {
      for (String userId : users) {
        for (int edition = 1; edition <= MOST_EDITIONS; edition++) {
          ids.add(NoticeIds.noticeId(incidentId, userId, edition));
        }
      }
    }
    return ids::contains;
  }

  private Set<String> usersOf(Cluster cluster, String text) {
    ByteBuffer fingerprint;
    try {
      Contact contact = Contact.parse(text.indexOf('@') >= 0 ? Channel.EMAIL : Channel.SMS, text);
      fingerprint = ByteBuffer.wrap(KeysCommand.keys(config()).fingerprints().of(contact));
    } catch (InvalidContactException e) {
      throw CommandException.usage("--contact is no " + e.getMessage());
    }
    Set<String> users = new LinkedHashSet<>();
    TopicReader reader = cluster.reader();
    try (Progress progress =
        new Progress(err(), "Looking up", "users", reader.size(Topics.USERS_TOPIC))) {
      reader.each(
          Topics.USERS_TOPIC,
          key -> true,
          entry -> {
            User user = entry.value();
            if (user != null && has(user, fingerprint)) {
              users.add(entry.key());
            }
          },
          progress::advance);
    }
    if (users.isEmpty()) {
      throw CommandException.failed("Nobody has, or had, this contact");
    }
    return users;
  }

  private static boolean has(User user, ByteBuffer fingerprint) {
    return user.getContacts().stream()
        .map(SealedContact::getFingerprint)
        .anyMatch(fingerprint::equals);
  }

  private void search(Cluster cluster, Predicate<String> wanted, Consumer<Notice> found) {
    TopicReader reader = cluster.reader();
    try (Progress progress =
        new Progress(err(), "Searching", "records", reader.size(Topics.NOTICES))) {
      reader.each(
          Topics.NOTICES,
          wanted,
          entry -> {
            if (entry.value() != null) {
              found.accept(entry.value());
            }
          },
          progress::advance);
    }
  }

  private static boolean isNoticeId(String key) {
    return key.matches("[0-9a-f]{32}");
  }
}
