package io.tocsin.streams.intake;

import io.tocsin.schemas.config.TocsinConfig;
import java.time.Duration;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;

/**
 * The intake's settings.
 *
 * @param templateWait how long an approval waits for the template it names, which comes by another
 *     topic
 * @param approvalRequired whether somebody must have seen the count that an approval is for
 *     ({@value #APPROVAL_REQUIRED})
 */
public record IntakeSettings(Duration templateWait, boolean approvalRequired) {

  /** Whether a person approves every notice. */
  public static final String APPROVAL_REQUIRED = "approval.required";

  private static final String TEMPLATE_WAIT = "intake.template.wait.ms";

  public IntakeSettings {
    if (templateWait.isNegative()) {
      throw new IllegalArgumentException(TEMPLATE_WAIT + " must not be negative");
    }
  }

  /** Adds the keys to a definition. */
  public static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            TEMPLATE_WAIT,
            Type.LONG,
            10_000L,
            Range.between(0, 600_000),
            Importance.LOW,
            "How long, in ms, an approval waits for the template it names before it is refused.")
        .define(
            APPROVAL_REQUIRED,
            Type.BOOLEAN,
            true,
            Importance.HIGH,
            "Whether a person approves every notice; if not, an incident accepted by intake is"
                + " approved at once, in the words of templates.dir.");
  }

  /** Reads the settings. */
  public static IntakeSettings from(TocsinConfig config) {
    return new IntakeSettings(config.millis(TEMPLATE_WAIT), config.flag(APPROVAL_REQUIRED));
  }
}
