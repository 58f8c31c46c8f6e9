package io.tocsin.streams.intake;

import io.micrometer.core.instrument.MeterRegistry;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.part.Part;
import io.tocsin.streams.StartCheck;
import io.tocsin.streams.StreamsContext;
import io.tocsin.streams.StreamsKeys;
import io.tocsin.streams.StreamsPart;
import org.apache.kafka.common.config.ConfigDef;

/** The intake as a part that can be run. */
public final class IntakePart {

  /** Its name. */
  public static final String NAME = "intake";

  private IntakePart() {}

  /** Adds the intake's own keys to a definition. */
  public static ConfigDef define(ConfigDef definition) {
    return IntakeSettings.define(StreamsKeys.defineThreads(definition, NAME, 1));
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
        IntakeTopology.APPLICATION_ID,
        IntakeTopology.build(context, IntakeSettings.from(config)));
  }
}
