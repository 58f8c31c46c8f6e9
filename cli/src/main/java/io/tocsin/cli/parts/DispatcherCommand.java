package io.tocsin.cli.parts;

import io.tocsin.streams.StartCheck;
import io.tocsin.streams.dispatcher.DispatcherPart;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code tocsin dispatcher}. */
@Command(
    name = "dispatcher",
    description = "Runs the dispatcher: decides whom to tell now, by what, and again.")
public final class DispatcherCommand extends PartCommand {

  @Override
  List<Starter> starters() {
    return List.of(
        (config, metrics, http) -> DispatcherPart.start(config, metrics, StartCheck.NONE));
  }
}
