package io.tocsin.schemas.serde;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/**
 * How to reach the registry and when to register, by Confluent's property names.
 *
 * @param urls where the registry is ({@value #URL}, comma-separated, tried in turn)
 * @param autoRegister whether an unregistered schema is registered on first use ({@value
 *     #AUTO_REGISTER}, default true as in Confluent's serializers)
 * @param useLatest whether records are written with the subject's latest schema, if it can hold
 *     them ({@value #USE_LATEST}, default false; {@code autoRegister} wins over it)
 * @param client what the client itself reads: {@code basic.auth.*}, {@code bearer.auth.*}, {@code
 *     schema.registry.ssl.*}, {@code proxy.*}, {@code http.connect.timeout.ms} (default 5,000),
 *     {@code http.read.timeout.ms} (default 10,000), {@code missing.id.cache.ttl.sec} (default 10;
 *     how long an unknown id is not asked for again)
 */
public record RegistryConfig(
    List<String> urls, boolean autoRegister, boolean useLatest, Map<String, Object> client) {

  public static final String URL = "schema.registry.url";
  public static final String AUTO_REGISTER = "auto.register.schemas";
  public static final String USE_LATEST = "use.latest.version";

  private static final Map<String, Object> CLIENT_DEFAULTS =
      Map.of(
          "http.connect.timeout.ms", 5_000,
          "http.read.timeout.ms", 10_000,
          "missing.id.cache.ttl.sec", 10L);

  public RegistryConfig {
    urls = List.copyOf(urls);
    client = Map.copyOf(client);
    if (urls.isEmpty()) {
      throw new ConfigException(
          URL + " is missing: give the registry's address, such as http://localhost:8081");
    }
    for (String url : urls) {
      if (!url.matches("(https?|mock)://.+")) {
        throw new ConfigException(
            URL, withoutCredentials(url), "must begin with http:// or https://");
      }
    }
  }

  /**
   * Reads the properties, leaving alone those that are not about the registry.
   *
   * @throws ConfigException when the address is missing, or a value is not of its kind
   */
  public static RegistryConfig from(Map<String, ?> configs) {
    Map<String, Object> client = new HashMap<>(CLIENT_DEFAULTS);
    configs.forEach((name, value) -> {
      if (value != null) {
        client.put(name, typed(name, value));
      }
    });
    return new RegistryConfig(
        urls(configs),
        flag(configs, AUTO_REGISTER, true),
        flag(configs, USE_LATEST, false),
        client);
  }

  /** The addresses without the credentials they may carry: fit for messages. */
  public String where() {
    return String.join(",", urls.stream().map(RegistryConfig::withoutCredentials).toList());
  }

  /** Never the client's properties: passwords are among them. */
  @Override
  public String toString() {
    return "RegistryConfig[urls=%s, autoRegister=%s, useLatest=%s]"
        .formatted(where(), autoRegister, useLatest);
  }

  private static List<String> urls(Map<String, ?> configs) {
    Object value = configs.get(URL);
    if (value == null) {
      return List.of();
    }
    List<?> parts = value instanceof List<?> list ? list : List.of(value.toString().split(","));
    return parts.stream().map(part -> part.toString().strip()).filter(u -> !u.isEmpty()).toList();
  }

  private static boolean flag(Map<String, ?> configs, String name, boolean otherwise) {
    Object value = configs.get(name);
    if (value == null) {
      return otherwise;
    }
    return switch (value.toString().strip()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new ConfigException(name, value, "must be true or false");
    };
  }

  /** The client casts: to numbers without parsing, and to strings even where Kafka has secrets. */
  private static Object typed(String name, Object value) {
    try {
      return switch (name) {
        case "missing.id.cache.ttl.sec",
            "missing.version.cache.ttl.sec",
            "missing.schema.cache.ttl.sec" ->
            Long.valueOf(value.toString().strip());
        case "missing.cache.size" -> Integer.valueOf(value.toString().strip());
        default -> value instanceof Password secret ? secret.value() : value;
      };
    } catch (NumberFormatException e) {
      throw new ConfigException(name, value, "must be a whole number");
    }
  }

  private static String withoutCredentials(String url) {
    String[] authority = url.split("://", 2);
    if (authority.length < 2 || !authority[1].contains("@")) {
      return url;
    }
    return authority[0] + "://" + authority[1].substring(authority[1].lastIndexOf('@') + 1);
  }
}
