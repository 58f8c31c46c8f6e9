package io.tocsin.cli.demo;

import io.tocsin.cli.CommandException;
import io.tocsin.cli.TocsinCommand;
import io.tocsin.cli.stack.DataDir;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code up}: everything on this machine, until it is told to stop. */
@Command(
    name = "up",
    description =
        "Starts everything on this machine: broker, schema registry, mail sink, Twilio stand-in and"
            + " all parts of Tocsin. Ctrl-C stops it; the data stay.",
    footer = {
      "",
      "With smtp.host or twilio.base.url configured, mails or SMS go there instead of to the"
          + " stand-ins.",
    })
public final class UpCommand extends TocsinCommand {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "tocsin-data",
      description =
          "Where the data are kept; ${DEFAULT-VALUE} by default. Keys are kept in DIR.keys.")
  private @Nullable Path data;

  @Mixin private final StackOptions ports = new StackOptions();

  @Override
  public Integer call() throws Exception {
    Path folder = data == null ? Path.of("tocsin-data") : data;
    Steps steps = new Steps(err());
    try (StackRun run = start(new DataDir(folder), steps)) {
      run.awaitReady();
      steps.say("ready");
      out().properties(Addresses.of(run.stack(), run.config()));
      out().say("");
      out().say("From another terminal: tocsin COMMAND --config " + run.propertiesFile());
      out().say("Ctrl-C stops it.");
      throw CommandException.failed(run.awaitEnd());
    }
  }

  private StackRun start(DataDir folder, Steps steps) throws Exception {
    return StackRun.start(root(), folder, ports, steps);
  }
}
