package io.tocsin.streams;

import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.TocsinConfig;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Settings of Kafka Streams. What overrides what, strongest first: what the promises of Tocsin rest
 * on; {@code streams.*}; {@code kafka.*}; the defaults below.
 */
final class StreamsProperties {

  /** Without a client's prefix, so that {@code kafka.*} overrides them. */
  private static final Map<String, Object> DEFAULTS =
      Map.of(
          StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
          100,
          // An idle thread sleeps this long before it looks at its punctuators again.
          StreamsConfig.POLL_MS_CONFIG,
          10,
          StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG,
          8L << 20,
          // After a SIGKILL the partitions wait this long for their owner.
          ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
          10_000,
          ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
          3_000,
          // Nobody reads a record before its transaction is committed, and the commit flushes: to
          // send
          // earlier than full batches saves nobody time and costs the broker requests.
          ProducerConfig.LINGER_MS_CONFIG,
          50,
          ProducerConfig.BATCH_SIZE_CONFIG,
          64 << 10,
          ProducerConfig.COMPRESSION_TYPE_CONFIG,
          "lz4");

  private StreamsProperties() {}

  /**
   * The settings of a part.
   *
   * @param own the part's own defaults, in place of the common ones
   */
  static Properties of(
      StreamsContext context, String applicationId, Path stateDir, Map<String, Object> own) {
    TocsinConfig config = context.config();
    Properties properties = new Properties();
    properties.putAll(DEFAULTS);
    properties.putAll(own);
    properties.put(
        StreamsConfig.NUM_STREAM_THREADS_CONFIG,
        config.integer(StreamsKeys.threads(context.part())));
    properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, config.integer(CommonKeys.REPLICATION));
    properties.putAll(config.kafka());
    properties.putAll(config.streams());

    properties.put(
        StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, config.string(CommonKeys.BOOTSTRAP_SERVERS));
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    properties.put(
        StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
        UnreadableRecordHandler.class);
    properties.put(UnreadableRecordHandler.WRITER, context.deadLetters());
    return properties;
  }
}
