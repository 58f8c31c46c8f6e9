package io.tocsin.cli.stack;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Stands for the launcher's main class: the stack's hidden commands and nothing else. */
@Command(
    name = "tocsin",
    subcommands = {BrokerCommand.class, MailSinkCommand.class, TwilioStandInCommand.class})
final class StackTestMain {

  private StackTestMain() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new StackTestMain()).execute(arguments));
  }
}
