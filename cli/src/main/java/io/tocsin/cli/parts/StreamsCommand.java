package io.tocsin.cli.parts;

import io.tocsin.streams.StartCheck;
import io.tocsin.streams.dispatcher.DispatcherPart;
import io.tocsin.streams.identifier.IdentifierPart;
import io.tocsin.streams.intake.IntakePart;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code tocsin streams}. */
@Command(
    name = "streams",
    hidden = true,
    description = "Runs intake, identifier and dispatcher in one process.")
public final class StreamsCommand extends PartCommand {

  @Override
  List<Starter> starters() {
    List<Starter> starters =
        new ArrayList<>(
            StandingApproval.after(
                (config, metrics, http) -> IntakePart.start(config, metrics, StartCheck.NONE),
                config()));
    starters.add((config, metrics, http) -> IdentifierPart.start(config, metrics, StartCheck.NONE));
    starters.add((config, metrics, http) -> DispatcherPart.start(config, metrics, StartCheck.NONE));
    return starters;
  }
}
