package io.tocsin.cli.parts;

import io.tocsin.streams.StartCheck;
import io.tocsin.streams.dispatcher.DispatcherPart;
import io.tocsin.streams.identifier.IdentifierPart;
import io.tocsin.streams.intake.IntakePart;
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
    return List.of(
        (config, metrics, http) -> IntakePart.start(config, metrics, StartCheck.NONE),
        (config, metrics, http) -> IdentifierPart.start(config, metrics, StartCheck.NONE),
        (config, metrics, http) -> DispatcherPart.start(config, metrics, StartCheck.NONE));
  }
}
