package io.tocsin.notifier.text;

/**
 * One thing wrong with the words of a notice.
 *
 * @param where the file, as {@code templateId/locale/file}, or the field, that must be mended
 * @param line the line in that file, counted from 1; 0 when the problem is not one of a line
 * @param what what is wrong and what would be right, in one line
 */
public record TemplateProblem(String where, int line, String what) {

  @Override
  public String toString() {
    return line > 0 ? where + ":" + line + ": " + what : where + ": " + what;
  }
}
