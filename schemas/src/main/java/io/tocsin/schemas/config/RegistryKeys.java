package io.tocsin.schemas.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;

/** The schema registry's settings, under Confluent's own names. */
public final class RegistryKeys {

  /** Addresses of the registry. */
  public static final String URL = "schema.registry.url";

  private static final String SSL = "schema.registry.ssl.";

  private RegistryKeys() {}

  /** Adds the keys to a definition. */
  public static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            URL,
            Type.STRING,
            "http://127.0.0.1:8081",
            Importance.HIGH,
            "Addresses of the schema registry, comma-separated; Apicurio's end in"
                + " /apis/ccompat/v7.")
        .define(
            "auto.register.schemas",
            Type.BOOLEAN,
            false,
            Importance.MEDIUM,
            "Whether a part may register schemas by itself; `tocsin topics apply` registers them"
                + " otherwise.")
        .define(
            "use.latest.version",
            Type.BOOLEAN,
            false,
            Importance.LOW,
            "Whether to write with the registry's latest schema of a subject instead of the"
                + " built-in one.")
        .define(
            "basic.auth.credentials.source",
            Type.STRING,
            null,
            Importance.LOW,
            "URL, USER_INFO or SASL_INHERIT, as Confluent's clients define them.")
        .define(
            "basic.auth.user.info",
            Type.PASSWORD,
            null,
            Importance.LOW,
            "user:password for the registry, with USER_INFO.")
        .define(SSL + "truststore.location", Type.STRING, null, Importance.LOW, "Trust store file.")
        .define(SSL + "truststore.password", Type.PASSWORD, null, Importance.LOW, "Its password.")
        .define(SSL + "truststore.type", Type.STRING, "PKCS12", Importance.LOW, "Its type.")
        .define(SSL + "keystore.location", Type.STRING, null, Importance.LOW, "Key store file.")
        .define(SSL + "keystore.password", Type.PASSWORD, null, Importance.LOW, "Its password.")
        .define(SSL + "keystore.type", Type.STRING, "PKCS12", Importance.LOW, "Its type.")
        .define(SSL + "key.password", Type.PASSWORD, null, Importance.LOW, "The key's password.");
  }

  static boolean isRegistryKey(String key) {
    return key.startsWith("schema.registry.")
        || key.startsWith("basic.auth.")
        || key.equals("auto.register.schemas")
        || key.equals("use.latest.version");
  }
}
