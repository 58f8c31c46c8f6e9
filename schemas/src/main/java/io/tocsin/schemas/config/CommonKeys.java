package io.tocsin.schemas.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;

/** The settings that every part shares. */
public final class CommonKeys {

  /** Kafka's addresses. */
  public static final String BOOTSTRAP_SERVERS = "kafka.bootstrap.servers";

  /** Partitions of the topics keyed by user. */
  public static final String USERS_PARTITIONS = "topics.partitions.users";

  /** Partitions of holdings and what goes with it. */
  public static final String HOLDINGS_PARTITIONS = "topics.partitions.holdings";

  /** Copies of every topic. */
  public static final String REPLICATION = "topics.replication";

  /** Folder of the sealing keys. */
  public static final String KEYS_DIR = "keys.dir";

  /** File of the operator's catalogue. */
  public static final String CATALOGUE_FILE = "catalogue.file";

  /** Address of a part's health and metrics. */
  public static final String HTTP_HOST = "http.host";

  /** Port of a part's health and metrics. */
  public static final String HTTP_PORT = "http.port";

  private CommonKeys() {}

  /** Adds the keys to a definition. */
  public static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            BOOTSTRAP_SERVERS,
            Type.STRING,
            "127.0.0.1:9092",
            Importance.HIGH,
            "Kafka's addresses, host:port, comma-separated.")
        .define(
            USERS_PARTITIONS,
            Type.INT,
            8,
            Range.between(1, 4096),
            Importance.HIGH,
            "Partitions of the topics keyed by user; fixed once the topics exist.")
        .define(
            HOLDINGS_PARTITIONS,
            Type.INT,
            8,
            Range.between(1, 4096),
            Importance.HIGH,
            "Partitions of holdings and incident-shards; fixed once the topics exist.")
        .define(
            REPLICATION,
            Type.INT,
            -1,
            Importance.HIGH,
            "Copies of every topic; -1 leaves it to the brokers' default.")
        .define(
            KEYS_DIR,
            Type.STRING,
            "keys",
            Importance.HIGH,
            "Folder of the keys that `tocsin keys create` makes; never inside a data folder.")
        .define(
            CATALOGUE_FILE,
            Type.STRING,
            "",
            Importance.HIGH,
            "JSON file of the operator's datasets and categories; empty means the built-in sample.")
        .define(
            HTTP_HOST,
            Type.STRING,
            "127.0.0.1",
            Importance.MEDIUM,
            "Address on which a part answers /health/live, /health/ready and /metrics.")
        .define(
            HTTP_PORT,
            Type.INT,
            0,
            Range.between(0, 65535),
            Importance.MEDIUM,
            "Port of the same; 0 takes a free one and logs it.");
  }
}
