package io.tocsin.streams.identifier;

import io.micrometer.core.instrument.MeterRegistry;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.part.Part;
import io.tocsin.streams.StartCheck;
import io.tocsin.streams.StreamsContext;
import io.tocsin.streams.StreamsKeys;
import io.tocsin.streams.StreamsPart;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.streams.StreamsConfig;

/** The identifier as a part that can be run. */
public final class IdentifierPart {

  /** Its name. */
  public static final String NAME = "identifier";

  /**
   * Its own defaults for Kafka Streams. A commit waits for the brokers, several times, while
   * nothing is read: every 100 ms it took up to half of a scan's time. Whoever is waited for asks
   * for a commit at once ({@link ShardOutput#hurry}). Barriers, not the order of arrival, say what
   * a scan must have seen; so no task waits for its other topic, nor works out before every record
   * whether it should, which took a third of the time that holdings were processed in.
   */
  public static final Map<String, Object> STREAMS_DEFAULTS =
      Map.of(
          StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
          500,
          StreamsConfig.MAX_TASK_IDLE_MS_CONFIG,
          StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);

  private IdentifierPart() {}

  /** Adds the identifier's own keys to a definition. */
  public static ConfigDef define(ConfigDef definition) {
    return IdentifierSettings.define(StreamsKeys.defineThreads(definition, NAME, 1));
  }

  /**
   * Starts it.
   *
   * @throws io.tocsin.streams.PartStartException in one sentence, if it cannot start
   */
  public static Part start(TocsinConfig config, MeterRegistry meters, StartCheck check) {
    StreamsContext context = StreamsContext.open(NAME, config, meters, check);
    return StreamsPart.start(
        context,
        IdentifierTopology.APPLICATION_ID,
        IdentifierTopology.build(context, IdentifierSettings.from(config)),
        STREAMS_DEFAULTS);
  }
}
