package io.tocsin.cli.demo;

import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.TocsinCommand;
import io.tocsin.cli.sample.SampleData;
import io.tocsin.cli.stack.DataDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** {@code warm-up}: a small demo, from which every part learns to start fast. */
@Command(
    name = "warm-up",
    description =
        "Runs a small demo once and keeps what Java has learnt from it beside the program, so that"
            + " `up` and `demo` start in half the time. The launcher does it after a build; nothing"
            + " else needs it.")
public final class WarmUpCommand extends TocsinCommand {

  private static final int USERS = 300;

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("tocsin-warm-up-");
    Steps steps = new Steps(err());
    StartCaches caches = StartCaches.training();
    try {
      run(folder, caches, steps);
      steps.say("%d caches kept", caches.keep());
      return ExitCodes.OK;
    } finally {
      delete(folder);
    }
  }

  private void run(Path folder, StartCaches caches, Steps steps) throws Exception {
    DataDir data = new DataDir(folder.resolve("data"));
    DemoSample sample = DemoSample.of(SampleData.DEFAULT_SEED, USERS, new DemoFiles(data));
    sample.claim();
    try (StackRun run = StackRun.start(root(), data, new StackOptions(), caches, steps)) {
      new DemoRun(run, sample, err(), steps).run();
      steps.say("stopping, which takes longer this once");
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> found = Files.walk(folder)) {
      all = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : all) {
      Files.deleteIfExists(file);
    }
  }
}
