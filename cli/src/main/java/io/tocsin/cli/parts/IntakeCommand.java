package io.tocsin.cli.parts;

import io.tocsin.streams.StartCheck;
import io.tocsin.streams.intake.IntakePart;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code tocsin intake}. */
@Command(
    name = "intake",
    description = "Runs the intake: checks incidents and decisions and answers them.")
public final class IntakeCommand extends PartCommand {

  @Override
  List<Starter> starters() {
    return StandingApproval.after(
        (config, metrics, http) -> IntakePart.start(config, metrics, StartCheck.NONE), config());
  }
}
