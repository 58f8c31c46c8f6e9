package io.tocsin.cli.demo;

import io.tocsin.cli.CommandException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the user has configured, as opposed to what has a default: decides whether a stand-in is
 * wanted.
 *
 * @param file the properties file's entries
 * @param environment the keys set by environment variables, with their values
 * @param options what {@code --set} gave
 */
record UserSettings(
    Map<String, String> file, Map<String, String> environment, Map<String, String> options) {

  private static final String VARIABLE_PREFIX = "TOCSIN_";

  UserSettings {
    file = Map.copyOf(file);
    environment = Map.copyOf(environment);
    options = Map.copyOf(options);
  }

  /**
   * Reads them.
   *
   * @param file the file named by {@code --config}, if any
   * @param written the file that this stack writes itself: named as {@code --config}, it configures
   *     nothing
   */
  static UserSettings read(
      @Nullable Path file,
      Path written,
      Map<String, String> environment,
      Map<String, String> options) {
    Map<String, String> fromFile =
        file == null || isSame(file, written) ? Map.of() : readFile(file);
    Map<String, String> fromEnvironment = new HashMap<>();
    environment.forEach((variable, value) -> {
      if (variable.startsWith(VARIABLE_PREFIX)) {
        fromEnvironment.put(key(variable), value.strip());
      }
    });
    return new UserSettings(fromFile, fromEnvironment, options);
  }

  /** The entries of a properties file; none if there is no such file. */
  static Map<String, String> readIfThere(Path file) {
    return Files.exists(file) ? readFile(file) : Map.of();
  }

  /** Whether the user has set a key. */
  boolean has(String key) {
    return effective(key) != null;
  }

  /** Whether the user has set any key that begins so. */
  boolean hasAny(String prefix) {
    return Stream.of(file, environment, options)
        .flatMap(settings -> settings.keySet().stream())
        .anyMatch(key -> key.startsWith(prefix));
  }

  /** What the user has set a key to. */
  @Nullable String effective(String key) {
    String value = options.getOrDefault(key, environment.getOrDefault(key, file.get(key)));
    return value == null || value.isBlank() ? null : value;
  }

  private static Map<String, String> readFile(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw CommandException.usage(
          "Cannot read the configuration file " + file + ": " + e.getMessage());
    }
    Map<String, String> entries = new TreeMap<>();
    for (String key : properties.stringPropertyNames()) {
      entries.put(key, properties.getProperty(key).strip());
    }
    return entries;
  }

  private static boolean isSame(Path one, Path other) {
    return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
  }

  private static String key(String variable) {
    return variable.substring(VARIABLE_PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.');
  }

  /** Names the keys only. */
  @Override
  public String toString() {
    return "UserSettings[" + file.keySet() + environment.keySet() + options.keySet() + "]";
  }
}
