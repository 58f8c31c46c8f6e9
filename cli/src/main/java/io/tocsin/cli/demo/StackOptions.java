package io.tocsin.cli.demo;

import io.tocsin.cli.CommandException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The ports that {@code up} and {@code demo} take; each is free by default. */
final class StackOptions {

  private static final int HIGHEST = 65_535;

  @Option(names = "--kafka-port", paramLabel = "PORT", description = "Port of the Kafka broker.")
  private int kafkaPort;

  @Option(
      names = "--registry-port",
      paramLabel = "PORT",
      description = "Port of the schema registry.")
  private int registryPort;

  @Option(names = "--smtp-port", paramLabel = "PORT", description = "Port of the mail sink.")
  private int smtpPort;

  @Option(
      names = "--twilio-port",
      paramLabel = "PORT",
      description = "Port of the Twilio stand-in.")
  private int twilioPort;

  /** The port asked for, by part; 0 for any free one. */
  Map<String, Integer> wanted() {
    Map<String, Integer> wanted = new LinkedHashMap<>();
    wanted.put(StackPlan.BROKER, checked("--kafka-port", kafkaPort));
    wanted.put(StackPlan.REGISTRY, checked("--registry-port", registryPort));
    wanted.put(StackPlan.MAIL_SINK, checked("--smtp-port", smtpPort));
    wanted.put(StackPlan.TWILIO, checked("--twilio-port", twilioPort));
    wanted.put(StackPlan.STREAMS, 0);
    wanted.put(StackPlan.NOTIFIER, 0);
    return wanted;
  }

  private static int checked(String option, int port) {
    if (port < 0 || port > HIGHEST) {
      throw CommandException.usage(option + " takes a port of 1 to " + HIGHEST + ", not " + port);
    }
    return port;
  }
}
