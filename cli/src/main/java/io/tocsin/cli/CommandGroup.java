package io.tocsin.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that only holds others; typed alone, it shows them. */
public abstract class CommandGroup implements Callable<Integer> {

  @Spec CommandSpec spec;

  /** For picocli. */
  @SuppressWarnings("NullAway.Init")
  protected CommandGroup() {}

  @Override
  public final Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCodes.USAGE;
  }
}
