package io.tocsin.system;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Process trees, by id. */
final class Processes {

  private static final Duration GONE_WITHIN = Duration.ofSeconds(10);

  private Processes() {}

  /** A process and everything below it, itself first. */
  static List<ProcessHandle> tree(ProcessHandle root) {
    return Stream.concat(Stream.of(root), root.descendants()).toList();
  }

  /** SIGKILL for each, one right after the other, then waits until all are gone. */
  static void kill(List<ProcessHandle> processes) {
    processes.forEach(ProcessHandle::destroyForcibly);
    Awaitility.await("the killed processes' end")
        .atMost(GONE_WITHIN)
        .until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
  }

  /** Sees to it that nothing outlives the tests. */
  static void endWithThisOne(ProcessHandle root) {
    Thread hook =
        Thread.ofPlatform()
            .name("end-" + root.pid())
            .unstarted(() -> tree(root).forEach(ProcessHandle::destroyForcibly));
    Runtime.getRuntime().addShutdownHook(hook);
    var _ = root.onExit().thenRun(() -> forget(hook));
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      return;
    }
  }
}
