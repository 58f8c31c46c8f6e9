package io.tocsin.cli.operate;

import io.tocsin.cli.CommandGroup;
import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.TocsinCommand;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.seal.Keys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code tocsin keys}. */
@Command(
    name = "keys",
    description = "Makes and renews the keys that seal contacts.",
    subcommands = {KeysCommand.Create.class, KeysCommand.Rotate.class})
public final class KeysCommand extends CommandGroup {

  static Keys keys(TocsinConfig config) {
    return Keys.in(folder(config));
  }

  static Path folder(TocsinConfig config) {
    return Path.of(config.string(CommonKeys.KEYS_DIR));
  }

  /** {@code tocsin keys create}. */
  @Command(
      name = "create",
      description = "Makes the keys that are missing in keys.dir; existing ones stay.")
  static final class Create extends TocsinCommand {

    @Override
    public Integer call() throws IOException {
      List<Path> made = keys(config()).create();
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("folder", folder(config()).toAbsolutePath().toString());
      result.put("made", made.stream().map(file -> String.valueOf(file.getFileName())).toList());
      out().properties(result);
      if (!made.isEmpty()) {
        out()
            .say(
                "Keep a copy of this folder in a safe place: without contacts.private.json nobody"
                    + " can be told anything.");
      }
      return ExitCodes.OK;
    }
  }

  /** {@code tocsin keys rotate}. */
  @Command(
      name = "rotate",
      description = {
        "Adds a new key for contacts and dead letters and makes it the one that seals.",
        "Older keys still open what they sealed; parts use the new one after a restart."
      })
  static final class Rotate extends TocsinCommand {

    @Override
    public Integer call() throws IOException {
      keys(config()).rotate();
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("folder", folder(config()).toAbsolutePath().toString());
      result.put("rotated", true);
      out().properties(result);
      return ExitCodes.OK;
    }
  }
}
