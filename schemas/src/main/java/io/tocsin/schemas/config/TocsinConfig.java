package io.tocsin.schemas.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * The effective configuration of a part.
 *
 * <p>What overrides what, strongest first:
 *
 * <ol>
 *   <li>options on the command line
 *   <li>environment: {@code smtp.host} is {@code TOCSIN_SMTP_HOST}
 *   <li>the properties file
 *   <li>the default named in the key's definition
 * </ol>
 *
 * Values may refer to secrets by Kafka's ConfigProviders (KIP-297): {@code
 * ${file:/run/secrets/twilio.properties:token}} with {@code config.providers=file} and {@code
 * config.providers.file.class=...}. Keys that begin with {@code kafka.} or {@code streams.} are
 * handed to Kafka's clients without that prefix; any other unknown key is refused.
 */
public final class TocsinConfig {

  private static final String ENVIRONMENT_PREFIX = "TOCSIN_";
  private static final String CLIENT_PREFIX = "kafka.";
  private static final String STREAMS_PREFIX = "streams.";
  private static final String PROVIDERS_PREFIX = "config.providers";

  /** Variables of the launcher itself. */
  private static final Set<String> RESERVED_VARIABLES =
      Set.of("TOCSIN_CONFIG", "TOCSIN_HOME", "TOCSIN_JAVA_OPTS", "TOCSIN_JAVA_HOME");

  private final Effective values;

  private TocsinConfig(Effective values) {
    this.values = values;
  }

  /**
   * Reads the configuration.
   *
   * @param definition every key that any part knows
   * @param file the properties file, if there is one
   * @param environment the process's environment
   * @param options the command line's own settings
   * @throws ConfigException naming the key, where it was set, and what is wrong with it
   */
  public static TocsinConfig load(
      ConfigDef definition,
      @Nullable Path file,
      Map<String, String> environment,
      Map<String, String> options) {
    Map<String, String> merged = new HashMap<>();
    if (file != null) {
      Map<String, String> fromFile = readFile(file);
      refuseUnknown(definition, fromFile.keySet(), "file " + file);
      merged.putAll(fromFile);
    }
    merged.putAll(fromEnvironment(definition, environment));
    refuseUnknown(definition, options.keySet(), "the command line");
    merged.putAll(options);
    return new TocsinConfig(new Effective(definition, merged));
  }

  /** A text. */
  public String string(String key) {
    return values.getString(key);
  }

  /** A text that may be left out. */
  public Optional<String> optional(String key) {
    return Optional.ofNullable(values.getString(key)).filter(text -> !text.isBlank());
  }

  /** A secret that may be left out. */
  public Optional<String> secret(String key) {
    return Optional.ofNullable(values.getPassword(key))
        .map(Password::value)
        .filter(text -> !text.isBlank());
  }

  /** A whole number. */
  public int integer(String key) {
    return values.getInt(key);
  }

  /** A whole number. */
  public long number(String key) {
    return values.getLong(key);
  }

  /** A yes or no. */
  public boolean flag(String key) {
    return values.getBoolean(key);
  }

  /** A list. */
  public List<String> list(String key) {
    return values.getList(key);
  }

  /** A time span; its key ends in {@code .ms}. */
  public Duration millis(String key) {
    return Duration.ofMillis(values.getLong(key));
  }

  /**
   * Settings for every Kafka client: the bootstrap servers and what {@code kafka.} hands through.
   */
  public Map<String, Object> kafka() {
    Map<String, Object> settings = new HashMap<>(values.originalsWithPrefix(CLIENT_PREFIX));
    settings.put("bootstrap.servers", values.getString(CommonKeys.BOOTSTRAP_SERVERS));
    return settings;
  }

  /** Settings for Kafka Streams alone: what {@code streams.} hands through. */
  public Map<String, Object> streams() {
    return new HashMap<>(values.originalsWithPrefix(STREAMS_PREFIX));
  }

  /** Settings for the registry's client: every key that Confluent's serdes would read. */
  public Map<String, Object> registry() {
    Map<String, Object> registry = new HashMap<>();
    values
        .values()
        .forEach((key, value) -> {
          if (RegistryKeys.isRegistryKey(key) && value != null) {
            registry.put(key, value instanceof Password secret ? secret.value() : value);
          }
        });
    return registry;
  }

  /** Every key and its effective value, secrets hidden, for printing. */
  public SortedMap<String, String> redacted() {
    SortedMap<String, String> shown = new TreeMap<>();
    values.values().forEach((key, value) -> shown.put(key, show(value)));
    values
        .originalsStrings()
        .forEach((key, value) -> {
          if (!shown.containsKey(key)) {
            shown.put(key, looksSecret(key) ? Password.HIDDEN : value);
          }
        });
    return shown;
  }

  @Override
  public String toString() {
    return redacted().toString();
  }

  private static String show(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case List<?> list -> list.stream().map(String::valueOf).collect(Collectors.joining(","));
      default -> value.toString();
    };
  }

  private static boolean looksSecret(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    return lower.contains("password")
        || lower.contains("secret")
        || lower.contains("token")
        || lower.contains("jaas")
        || lower.contains("credential")
        || lower.endsWith(".key");
  }

  private static Map<String, String> readFile(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigException(
          "Cannot read the configuration file " + file + ": " + e.getMessage());
    }
    return properties.stringPropertyNames().stream()
        .collect(Collectors.toMap(key -> key, key -> properties.getProperty(key).strip()));
  }

  private static void refuseUnknown(ConfigDef definition, Set<String> keys, String where) {
    for (String key : new TreeSet<>(keys)) {
      if (!isKnown(definition, key)) {
        String hint =
            NearestName.to(key, definition.names())
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
        throw new ConfigException("Unknown configuration key " + key + " in " + where + hint);
      }
    }
  }

  private static boolean isKnown(ConfigDef definition, String key) {
    return definition.names().contains(key)
        || key.startsWith(CLIENT_PREFIX)
        || key.startsWith(STREAMS_PREFIX)
        || key.startsWith(PROVIDERS_PREFIX);
  }

  private static Map<String, String> fromEnvironment(
      ConfigDef definition, Map<String, String> environment) {
    Map<String, String> keys =
        definition.names().stream().collect(Collectors.toMap(TocsinConfig::variable, key -> key));
    Map<String, String> found = new HashMap<>();
    environment.forEach((variable, value) -> {
      if (!variable.startsWith(ENVIRONMENT_PREFIX) || RESERVED_VARIABLES.contains(variable)) {
        return;
      }
      String key =
          keys.getOrDefault(
              variable,
              variable
                  .substring(ENVIRONMENT_PREFIX.length())
                  .toLowerCase(Locale.ROOT)
                  .replace('_', '.'));
      refuseUnknown(definition, Set.of(key), "environment variable " + variable);
      found.put(key, value.strip());
    });
    return found;
  }

  private static String variable(String key) {
    return ENVIRONMENT_PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  /** Kafka's own configuration machinery: types, defaults, validators, config providers. */
  private static final class Effective extends AbstractConfig {
    Effective(ConfigDef definition, Map<String, String> values) {
      super(definition, values, false);
    }
  }
}
