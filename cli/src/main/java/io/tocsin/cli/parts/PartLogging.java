package io.tocsin.cli.parts;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import io.tocsin.cli.CliKeys;
import io.tocsin.cli.CommandException;
import io.tocsin.schemas.config.TocsinConfig;
import java.net.URL;
import org.slf4j.LoggerFactory;

/** Turns the quiet logging of an operator's command into a part's. */
final class PartLogging {

  /** Names another logback file; then level and format are that file's. */
  private static final String OWN_FILE = "logback.configurationFile";

  private static final String KAFKA_LEVEL = "kafka.log.level";

  private PartLogging() {}

  /** Sets level and format as {@link CliKeys#LOG_LEVEL} and {@link CliKeys#LOG_FORMAT} say. */
  static void configure(TocsinConfig config) {
    if (System.getProperty(OWN_FILE) != null
        || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return;
    }
    URL file = PartLogging.class.getResource("/logback.xml");
    if (file == null) {
      return;
    }
    context.reset();
    context.putProperty(CliKeys.LOG_LEVEL, config.string(CliKeys.LOG_LEVEL));
    context.putProperty(KAFKA_LEVEL, "WARN");
    context.putProperty(CliKeys.LOG_FORMAT, config.string(CliKeys.LOG_FORMAT));
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    try {
      configurator.doConfigure(file);
    } catch (JoranException e) {
      throw CommandException.failed("The logging cannot be set up", e);
    }
  }
}
