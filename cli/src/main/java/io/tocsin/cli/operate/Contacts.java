package io.tocsin.cli.operate;

import io.tocsin.cli.CommandException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Contacts as operators give them: on standard input they leave no trace in a shell's history or a
 * list of processes.
 */
final class Contacts {

  private static final String STANDARD_INPUT = "-";

  private Contacts() {}

  /** The option's value, or the first line of standard input if it is a hyphen. */
  static String read(String option) {
    if (!option.equals(STANDARD_INPUT)) {
      return option.strip();
    }
    try {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      String line = in.readLine();
      if (line == null || line.isBlank()) {
        throw CommandException.usage("Standard input holds no contact");
      }
      return line.strip();
    } catch (IOException e) {
      throw CommandException.failed("Standard input cannot be read", e);
    }
  }
}
