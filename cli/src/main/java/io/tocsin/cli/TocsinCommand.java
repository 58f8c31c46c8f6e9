package io.tocsin.cli;

import io.tocsin.schemas.config.TocsinConfig;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A command that does something. {@link #call} returns one of {@link ExitCodes} or throws; whatever
 * it throws becomes one sentence on standard error.
 */
public abstract class TocsinCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  /** For picocli. */
  @SuppressWarnings("NullAway.Init")
  protected TocsinCommand() {}

  /** The effective configuration; see {@link TocsinConfig} for what overrides what. */
  protected final TocsinConfig config() {
    return root().config();
  }

  /** Standard output in the form asked for. */
  protected final Output out() {
    return new Output(spec.commandLine().getOut(), root().format());
  }

  /** Standard error: warnings and progress. */
  protected final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** The command's name, as it was typed. */
  protected final String name() {
    return spec.name();
  }

  /** The options that every command has. */
  protected final Main root() {
    return (Main) spec.root().userObject();
  }
}
