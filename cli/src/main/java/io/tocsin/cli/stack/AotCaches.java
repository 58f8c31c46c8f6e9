package io.tocsin.cli.stack;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/**
 * Ahead-of-time caches of the parts (JEP 483, 514, 515): classes loaded, linked and profiled in one
 * run are there at once in the next, which halves a part's start.
 *
 * <p>A cache is named by everything it depends on (Java, flags, class path with the files' sizes
 * and times), so one that no longer fits is never found; the JVM itself checks again, and does
 * without on any doubt. Only jars can be cached: a class path with a folder on it is left alone.
 *
 * @param folder where the caches are
 */
public record AotCaches(Path folder) {

  private static final Duration TRAINING_STOP_WITHIN = Duration.ofMinutes(3);
  private static final List<String> QUIET = List.of("-Xlog:aot*=off", "-Xlog:cds*=off");

  /** The part with its cache, or as it is if there is none. */
  public JvmPart use(JvmPart part) throws StackException {
    var cache = file(part);
    return Files.exists(cache)
        ? part.withFlags(List.of("-XX:AOTCache=" + cache)).withFlags(QUIET)
        : part;
  }

  /**
   * The part as a training run: while it stops, which then takes several seconds, it writes its
   * cache. Call {@link #keep} afterwards. A part that cannot be cached is returned as it is.
   */
  public JvmPart train(JvmPart part) throws StackException {
    if (!isCacheable(part)) {
      return part;
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new StackException("The cache folder " + folder + " cannot be written", e);
    }
    return part.withFlags(List.of("-XX:AOTCacheOutput=" + fresh(part)))
        .withFlags(QUIET)
        .withStopWithin(TRAINING_STOP_WITHIN);
  }

  /**
   * Puts a trained part's cache in place, once the part has stopped.
   *
   * @param part the part as given to {@link #train}
   * @return whether there is a cache now
   */
  public boolean keep(JvmPart part) throws StackException {
    var fresh = fresh(part);
    if (!Files.exists(fresh)) {
      return false;
    }
    try {
      Files.move(fresh, file(part), StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (IOException e) {
      throw new StackException("The cache of " + part.name() + " cannot be put in place", e);
    }
  }

  private static boolean isCacheable(JvmPart part) {
    for (var entry : part.classPath().split(File.pathSeparator, -1)) {
      if (Files.isDirectory(Path.of(entry))) {
        return false;
      }
    }
    return true;
  }

  private Path fresh(JvmPart part) throws StackException {
    return folder.resolve(file(part).getFileName() + ".fresh");
  }

  private Path file(JvmPart part) throws StackException {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      add(digest, Runtime.version().toString());
      for (var flag : part.jvmFlags()) {
        // System properties vary with ports and folders and do not touch what is cached.
        add(digest, flag.startsWith("-D") ? "" : flag);
      }
      for (var entry : part.classPath().split(File.pathSeparator, -1)) {
        var file = Path.of(entry);
        add(digest, entry);
        if (Files.isRegularFile(file)) {
          add(digest, Files.size(file) + " " + Files.getLastModifiedTime(file).toMillis());
        }
      }
      var name = HexFormat.of().formatHex(digest.digest(), 0, 8);
      return folder.resolve(part.name() + "-" + name + ".aot").toAbsolutePath();
    } catch (IOException e) {
      throw new StackException("The class path of " + part.name() + " cannot be read", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }

  private static void add(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }
}
