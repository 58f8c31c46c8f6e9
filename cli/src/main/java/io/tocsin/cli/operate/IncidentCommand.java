package io.tocsin.cli.operate;

import io.tocsin.cli.CommandGroup;
import picocli.CommandLine.Command;

/** {@code tocsin incident}. */
@Command(
    name = "incident",
    description = "Publishes incidents, shows them, and decides on them.",
    subcommands = {
      IncidentPublishCommand.class,
      IncidentListCommand.class,
      IncidentShowCommand.class,
      IncidentStatusCommand.class,
      IncidentPreviewCommand.class,
      IncidentTestSendCommand.class,
      IncidentApproveCommand.class,
      IncidentDecisionCommand.Hold.class,
      IncidentDecisionCommand.Resume.class,
      IncidentDecisionCommand.Cancel.class,
      IncidentDecisionCommand.ReleasePartial.class
    })
public final class IncidentCommand extends CommandGroup {}
