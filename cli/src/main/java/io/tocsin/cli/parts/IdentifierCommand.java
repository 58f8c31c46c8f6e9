package io.tocsin.cli.parts;

import io.tocsin.streams.StartCheck;
import io.tocsin.streams.identifier.IdentifierPart;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code tocsin identifier}. */
@Command(name = "identifier", description = "Runs the identifier: finds out who is affected.")
public final class IdentifierCommand extends PartCommand {

  @Override
  List<Starter> starters() {
    return List.of(
        (config, metrics, http) -> IdentifierPart.start(config, metrics, StartCheck.NONE));
  }
}
