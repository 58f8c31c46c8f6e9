package io.tocsin.streams;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;

/** The settings that the parts made of Kafka Streams share. */
public final class StreamsKeys {

  /** Folder of the state stores. */
  public static final String STATE_DIR = "state.dir";

  /** Memory of all state stores of one part outside the heap. */
  public static final String STATE_MEMORY_MB = "state.memory.mb";

  /** How long a part waits for the brokers when it starts. */
  public static final String START_TIMEOUT_MS = "start.timeout.ms";

  private StreamsKeys() {}

  /** Adds the keys to a definition. */
  public static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            STATE_DIR,
            Type.STRING,
            "state",
            Importance.HIGH,
            "Folder of the parts' state stores; it can be lost, and is then read again from Kafka.")
        .define(
            STATE_MEMORY_MB,
            Type.INT,
            96,
            Range.between(16, 65_536),
            Importance.MEDIUM,
            "Memory in MB, outside the heap, for the caches and write buffers of all state stores"
                + " of one part.")
        .define(
            START_TIMEOUT_MS,
            Type.LONG,
            10_000L,
            Range.between(100, 600_000),
            Importance.LOW,
            "How long, in ms, a part waits for the brokers' answer when it starts before it gives"
                + " up.");
  }

  /** The key of a part's number of threads. */
  public static String threads(String part) {
    return part + ".threads";
  }

  /** Adds the key of a part's number of threads. */
  public static ConfigDef defineThreads(ConfigDef definition, String part, int threads) {
    return definition.define(
        threads(part),
        Type.INT,
        threads,
        Range.between(1, 256),
        Importance.MEDIUM,
        "Threads of the " + part + " in one process.");
  }
}
