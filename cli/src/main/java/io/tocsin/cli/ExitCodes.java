package io.tocsin.cli;

/** What every command's exit code means. */
public final class ExitCodes {

  /** It was done. */
  public static final int OK = 0;

  /** It could not be done, or not all of it. */
  public static final int FAILED = 1;

  /** The command line or the configuration is wrong. */
  public static final int USAGE = 2;

  /** It was understood and refused: by intake's rules, or by an operator's policy. */
  public static final int REFUSED = 3;

  private ExitCodes() {}
}
