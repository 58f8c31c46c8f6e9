package io.tocsin.cli.operate;

import io.tocsin.avro.DeadLetter;
import io.tocsin.cli.CommandException;
import io.tocsin.cli.CommandGroup;
import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.TocsinCommand;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.schemas.seal.DeadLetterOpener;
import io.tocsin.schemas.seal.KeyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tocsin dead-letters}. */
@Command(
    name = "dead-letters",
    description = "What could not be processed, and again after mending.",
    subcommands = {
      DeadLettersCommand.ListAll.class,
      DeadLettersCommand.Show.class,
      DeadLetterReplayCommand.class
    })
public final class DeadLettersCommand extends CommandGroup {

  private static Map<String, Object> row(DeadLetterFile.Filed filed) {
    DeadLetter letter = filed.letter();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", filed.id());
    row.put("topic", letter.getTopic());
    row.put("partition", letter.getPartition());
    row.put("offset", letter.getOffset());
    row.put("key", filed.key());
    row.put("part", letter.getPart());
    row.put("code", letter.getCode());
    row.put("reason", letter.getReason());
    row.put("at", letter.getAt().toString());
    row.put("replayed", filed.replays());
    return row;
  }

  /** {@code tocsin dead-letters list}. */
  @Command(name = "list", description = "Lists the dead letters, oldest first.")
  static final class ListAll extends TocsinCommand {

    @Option(names = "--open", description = "Only those that were not replayed.")
    private boolean open;

    @Override
    public Integer call() {
      try (Cluster cluster = Cluster.connect(config())) {
        out()
            .rows(
                List.of(
                    "id",
                    "topic",
                    "partition",
                    "offset",
                    "key",
                    "part",
                    "code",
                    "reason",
                    "at",
                    "replayed"),
                DeadLetterFile.read(cluster).all().stream()
                    .filter(filed -> !open || filed.replays().isEmpty())
                    .map(DeadLettersCommand::row)
                    .toList(),
                "No dead letters.");
        return ExitCodes.OK;
      }
    }
  }

  /** {@code tocsin dead-letters show}. */
  @Command(
      name = "show",
      description = {
        "Shows one dead letter: where it came from and why it is there.",
        "Its contents may hold anything, contacts too, and are never printed; --value-to writes"
            + " them to a file that only you can read, and needs dead-letters.private.json."
      })
  static final class Show extends TocsinCommand {

    @Parameters(paramLabel = "ID", description = "Id of the dead letter.")
    private long id;

    @Option(
        names = "--value-to",
        paramLabel = "FILE",
        description = "Writes the original value there; an existing file is refused.")
    private @Nullable Path valueFile;

    @Override
    public Integer call() throws IOException {
      try (Cluster cluster = Cluster.connect(config())) {
        DeadLetterFile.Filed filed = DeadLetterFile.read(cluster).require(id);
        Map<String, Object> shown = row(filed);
        shown.put("keyBytes", size(filed.letter().getSealedKey().orElse(null)));
        shown.put("valueBytes", size(filed.letter().getSealedValue().orElse(null)));
        if (valueFile != null) {
          ByteBuffer sealed =
              filed
                  .letter()
                  .getSealedValue()
                  .orElseThrow(() -> CommandException.failed("The dead letter had no value"));
          write(valueFile, KeysCommand.keys(config()).deadLetterOpener().open(sealed));
          shown.put("valueFile", valueFile.toString());
        }
        out().properties(shown);
        return ExitCodes.OK;
      }
    }

    private Object size(@Nullable ByteBuffer sealed) {
      if (sealed == null) {
        return "none";
      }
      try {
        DeadLetterOpener opener = KeysCommand.keys(config()).deadLetterOpener();
        return opener.open(sealed).length;
      } catch (KeyException e) {
        return "sealed";
      }
    }

    private static void write(Path file, byte[] value) throws IOException {
      try (var channel =
          Files.newByteChannel(
              file,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        ByteBuffer bytes = ByteBuffer.wrap(value);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
    }
  }
}
