package io.tocsin.streams.identifier;

import io.micrometer.core.instrument.MeterRegistry;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.part.Part;
import io.tocsin.streams.StartCheck;
import io.tocsin.streams.StreamsContext;
import io.tocsin.streams.StreamsKeys;
import io.tocsin.streams.StreamsPart;
import org.apache.kafka.common.config.ConfigDef;

/** The identifier as a part that can be run. */
public final class IdentifierPart {

  /** Its name. */
  public static final String NAME = "identifier";

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
        IdentifierTopology.build(context, IdentifierSettings.from(config)));
  }
}
