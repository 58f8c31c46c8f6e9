package io.tocsin.cli.demo;

import io.tocsin.cli.CommandException;
import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.Output;
import io.tocsin.cli.TocsinCommand;
import io.tocsin.cli.sample.SampleData;
import io.tocsin.cli.stack.DataDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code demo}: an incident from its publication to every affected person's mailbox and phone, on
 * this machine.
 */
@Command(
    name = "demo",
    description =
        "Shows an incident from its publication to every affected person's mailbox and phone:"
            + " starts everything as `up` does, loads invented people, publishes a sample incident,"
            + " approves it, and counts what arrived.",
    footer = {
      "",
      "Exit code 0 means that everybody was told exactly once and nobody else was told anything.",
    })
public final class DemoCommand extends TocsinCommand {

  @Option(
      names = "--users",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many people to invent; ${DEFAULT-VALUE} by default.")
  private int users;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "" + SampleData.DEFAULT_SEED,
      description = "What the people follow from; ${DEFAULT-VALUE} by default.")
  private long seed;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where the data are kept; a folder of its own in the temporary folder by default.")
  private @Nullable Path data;

  @Option(names = "--exit", description = "End when everybody has been told; the data stay.")
  private boolean exit;

  @Option(
      names = "--keep-sample",
      description = "Also write the people, holdings and incidents as files, into DIR.sample.")
  private boolean keepSample;

  @Mixin private final StackOptions ports = new StackOptions();

  @Override
  public Integer call() throws Exception {
    Steps steps = new Steps(err());
    DemoSample sample = sample(new DataDir(folder()));
    steps.say(users + " people, data in " + sample.files().data().root());
    try (StackRun run = start(sample, steps)) {
      DemoSummary summary = new DemoRun(run, sample, err(), steps).run();
      print(summary);
      if (exit) {
        return summary.arrivals().clean() ? ExitCodes.OK : ExitCodes.FAILED;
      }
      out().say("");
      out().say("From another terminal: tocsin COMMAND --config " + run.propertiesFile());
      out().say("Ctrl-C stops it.");
      throw CommandException.failed(run.awaitEnd());
    }
  }

  private StackRun start(DemoSample sample, Steps steps) throws Exception {
    sample.claim();
    if (keepSample) {
      steps.run("sample files written", sample::keep);
    }
    return StackRun.start(root(), sample.files().data(), ports, steps);
  }

  private void print(DemoSummary summary) {
    Map<String, Object> properties = summary.properties();
    Output out = out();
    out.say("");
    out.properties(properties);
  }

  private DemoSample sample(DataDir folder) {
    try {
      return DemoSample.of(seed, users, new DemoFiles(folder));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--users " + users + ": " + e.getMessage());
    }
  }

  private Path folder() throws IOException {
    return data == null ? Files.createTempDirectory("tocsin-demo-").resolve("data") : data;
  }
}
