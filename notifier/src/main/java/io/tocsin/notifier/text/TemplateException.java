package io.tocsin.notifier.text;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The words of a notice cannot be used; the message is one line and names every problem found. */
public final class TemplateException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final Comparator<TemplateProblem> ORDER =
      Comparator.comparing(TemplateProblem::where)
          .thenComparingInt(problem -> problem.line() == 0 ? Integer.MAX_VALUE : problem.line());

  private final transient List<TemplateProblem> problems;

  TemplateException(List<TemplateProblem> problems) {
    List<TemplateProblem> sorted = problems.stream().sorted(ORDER).toList();
    super(message(sorted));
    this.problems = sorted;
  }

  /**
   * Every problem, in the order of places and lines; those of a whole file come after its lines.
   */
  public List<TemplateProblem> problems() {
    return problems;
  }

  static void throwIfAny(List<TemplateProblem> problems) {
    if (!problems.isEmpty()) {
      throw new TemplateException(problems);
    }
  }

  private static String message(List<TemplateProblem> problems) {
    String all = problems.stream().map(TemplateProblem::toString).collect(Collectors.joining("; "));
    return problems.size() == 1 ? all : problems.size() + " problems: " + all;
  }
}
