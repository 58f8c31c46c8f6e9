package io.tocsin.cli.demo;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a running stack: the user's own settings with the stack's addresses over
 * them. A secret of the user's is not copied: the entry points to the user's file.
 */
final class StackProperties {

  private static final String PROVIDERS = "config.providers";
  private static final String OWN_PROVIDER = "tocsin-up";
  private static final String HEAD =
      "# Written by `tocsin up` at every start. For use from another terminal: --config"
          + " THIS_FILE\n";

  private final Map<String, String> entries = new TreeMap<>();

  /**
   * Begins with what the user has configured.
   *
   * @param userFile the file that the user's entries come from, if any
   * @param isSecret which keys hold secrets
   */
  StackProperties(UserSettings user, @Nullable Path userFile, Predicate<String> isSecret) {
    entries.putAll(user.file());
    if (userFile != null) {
      referToSecrets(user, userFile, isSecret);
    }
    user.options()
        .forEach((key, value) -> {
          if (!isSecret.test(key)) {
            entries.put(key, value);
          }
        });
  }

  /** Sets an entry whatever the user has configured. */
  StackProperties set(String key, Object value) {
    entries.put(key, value.toString());
    return this;
  }

  /** Sets an entry that the user has not set. */
  StackProperties preset(UserSettings user, String key, Object value) {
    if (!user.has(key)) {
      entries.put(key, value.toString());
    }
    return this;
  }

  /** The entries, sorted. */
  Map<String, String> entries() {
    return Map.copyOf(entries);
  }

  /** Writes the file whole or not at all, readable by its owner only. */
  void write(Path file) throws IOException {
    Path temporary =
        Files.createTempFile(
            file.toAbsolutePath().getParent(),
            ".tocsin",
            ".properties",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    StringBuilder text = new StringBuilder(HEAD);
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      text.append(line(entry)).append('\n');
    }
    Files.writeString(temporary, text, StandardCharsets.UTF_8);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Escaped as {@link Properties} reads it, without the date that it would write. */
  private static String line(Map.Entry<String, String> entry) throws IOException {
    Properties one = new Properties();
    one.setProperty(entry.getKey(), entry.getValue());
    StringWriter escaped = new StringWriter();
    one.store(escaped, null);
    return escaped
        .toString()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .findFirst()
        .orElseThrow();
  }

  private void referToSecrets(UserSettings user, Path userFile, Predicate<String> isSecret) {
    boolean any = false;
    for (Map.Entry<String, String> entry : user.file().entrySet()) {
      if (isSecret.test(entry.getKey()) && !entry.getValue().contains("${")) {
        entries.put(
            entry.getKey(),
            "${" + OWN_PROVIDER + ":" + userFile.toAbsolutePath() + ":" + entry.getKey() + "}");
        any = true;
      }
    }
    if (any) {
      entries.merge(PROVIDERS, OWN_PROVIDER, (theirs, ours) -> theirs + "," + ours);
      entries.put(PROVIDERS + "." + OWN_PROVIDER + ".class", FileConfigProvider.class.getName());
    }
  }
}
