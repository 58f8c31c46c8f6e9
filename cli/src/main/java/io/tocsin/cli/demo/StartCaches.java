package io.tocsin.cli.demo;

import io.tocsin.cli.stack.AotCaches;
import io.tocsin.cli.stack.JvmPart;
import io.tocsin.cli.stack.StackException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Ahead-of-time caches beside this program's jar: used by every start, written by a training run.
 */
final class StartCaches {

  private final AotCaches caches;
  private final boolean training;
  private final List<JvmPart> trained = new CopyOnWriteArrayList<>();

  private StartCaches(boolean training) {
    this.caches = new AotCaches(folder());
    this.training = training;
  }

  /** Uses the caches that fit; without one, a part starts as ever. */
  static StartCaches using() {
    return new StartCaches(false);
  }

  /** Has every part write a cache when it stops. */
  static StartCaches training() {
    return new StartCaches(true);
  }

  /** The part as it is to be started. */
  JvmPart prepare(JvmPart part) throws StackException {
    if (!training) {
      return caches.use(part);
    }
    trained.add(part);
    return caches.train(part);
  }

  /**
   * Puts in place what the stopped parts have written.
   *
   * @return how many caches there are now
   */
  int keep() throws StackException {
    int kept = 0;
    for (JvmPart part : trained) {
      kept += caches.keep(part) ? 1 : 0;
    }
    return kept;
  }

  /** Where the caches are: the folder {@code aot} beside the jar or classes of this program. */
  private static Path folder() {
    try {
      Path own =
          Path.of(StartCaches.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return own.resolveSibling("aot");
    } catch (URISyntaxException e) {
      throw new IllegalStateException("The class path has no file of this program", e);
    }
  }
}
