package io.tocsin.cli.imports;

import io.tocsin.avro.User;
import io.tocsin.avro.UserStatus;
import io.tocsin.cli.CommandException;
import io.tocsin.cli.CommandGroup;
import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.Progress;
import io.tocsin.cli.TocsinCommand;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.cluster.Publisher;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.seal.ContactSealer;
import io.tocsin.schemas.seal.Keys;
import io.tocsin.schemas.topic.Topics;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tocsin users}. */
@Command(
    name = "users",
    description = "Loads and erases people.",
    subcommands = {UsersCommand.Import.class, UsersCommand.Erase.class})
public final class UsersCommand extends CommandGroup {

  /** {@code tocsin users import}. */
  @Command(
      name = "import",
      description = {
        "Loads users from FILE and seals their contacts on the way.",
        "CSV with the header userId,locale,residency,email,phone, or JSON lines with the same names"
            + " (.jsonl). Bad rows are named on standard error; all others are loaded. Exits with 1"
            + " if any row was refused."
      })
  static final class Import extends TocsinCommand {

    @Parameters(paramLabel = "FILE", description = "CSV or JSON lines, UTF-8.")
    private Path file = Path.of("");

    @Mixin private RemarkPrinter remarks = new RemarkPrinter();

    @Override
    public Integer call() throws Exception {
      ContactSealer sealer = Keys.in(Path.of(config().string(CommonKeys.KEYS_DIR))).contactSealer();
      long size = new RowFile(file, UserRow.COLUMNS).size();
      try (Cluster cluster = Cluster.connect(config());
          Publisher<User> publisher = new Publisher<>(cluster, Topics.USERS_TOPIC);
          Progress progress = new Progress(err(), "Importing users", "bytes", size)) {
        long begun = System.nanoTime();
        ImportReport report = new UserImport(sealer, publisher::send).run(file, progress::reach);
        publisher.flush();
        return remarks.print(file, report, System.nanoTime() - begun, out(), err());
      }
    }
  }

  /** {@code tocsin users erase}. */
  @Command(
      name = "erase",
      description = {
        "Forgets a person's contacts, language and residence. What was already done for this person"
            + " stays on record under the id.",
        "A person who is affected by an incident after that comes on the substitute-notice list."
      })
  static final class Erase extends TocsinCommand {

    @Parameters(paramLabel = "USER_ID", description = "Id of the person.")
    private String userId = "";

    @Override
    public Integer call() {
      try {
        UserIds.check(userId);
      } catch (InvalidRowException e) {
        throw CommandException.usage(e.reason());
      }
      try (Cluster cluster = Cluster.connect(config());
          Publisher<User> publisher = new Publisher<>(cluster, Topics.USERS_TOPIC)) {
        if (!cluster.reader().newest(Topics.USERS_TOPIC, userId::equals).containsKey(userId)) {
          throw CommandException.failed("There is no user " + userId);
        }
        publisher.send(
            userId,
            User.newBuilder()
                .setLocale(UserRow.UNDETERMINED)
                .setContacts(List.of())
                .setStatus(UserStatus.ERASED)
                .build());
        publisher.flush();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("userId", userId);
        result.put("status", UserStatus.ERASED.name());
        out().properties(result);
        return ExitCodes.OK;
      }
    }
  }
}
