package io.tocsin.cli.parts;

import io.tocsin.notifier.NotifierPart;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code tocsin notifier}. */
@Command(
    name = "notifier",
    description = "Runs the notifier: sends e-mail and SMS and takes receipts.")
public final class NotifierCommand extends PartCommand {

  @Override
  List<Starter> starters() {
    return List.of(NotifierPart::start);
  }
}
