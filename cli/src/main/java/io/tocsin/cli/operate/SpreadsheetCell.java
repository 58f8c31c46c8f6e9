package io.tocsin.cli.operate;

/** A cell that no spreadsheet takes for a formula: a user id may come from anywhere. */
final class SpreadsheetCell {

  private static final String BEGINS_FORMULA = "=+-@\t\r";

  private SpreadsheetCell() {}

  /** The text, behind an apostrophe if it could begin a formula. */
  static String of(String text) {
    return !text.isEmpty() && BEGINS_FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
  }
}
