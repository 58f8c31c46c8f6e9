package io.tocsin.cli;

import org.jspecify.annotations.Nullable;

/**
 * Ends a command with one sentence on standard error: what is wrong, where, and what to do. The
 * sentence never quotes a contact.
 */
public final class CommandException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /**
   * Ends the command.
   *
   * @param exitCode one of {@link ExitCodes}
   */
  public CommandException(int exitCode, String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
    this.exitCode = exitCode;
  }

  /** It could not be done. */
  public static CommandException failed(String sentence) {
    return new CommandException(ExitCodes.FAILED, sentence, null);
  }

  /** It could not be done, because of something {@code --verbose} shows. */
  public static CommandException failed(String sentence, Throwable cause) {
    return new CommandException(ExitCodes.FAILED, sentence, cause);
  }

  /** The command line, the configuration or an input file is wrong. */
  public static CommandException usage(String sentence) {
    return new CommandException(ExitCodes.USAGE, sentence, null);
  }

  /** It was understood and refused. */
  public static CommandException refused(String sentence) {
    return new CommandException(ExitCodes.REFUSED, sentence, null);
  }

  /** What the process ends with. */
  public int exitCode() {
    return exitCode;
  }

  /** The sentence. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
