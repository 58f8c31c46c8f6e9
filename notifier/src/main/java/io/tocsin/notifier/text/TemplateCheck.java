package io.tocsin.notifier.text;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one template and says, line by line, what is wrong with it: a tag that is not closed, a
 * name the place does not know, a name that must appear and does not, a kind of tag that notices do
 * without (partials, unescaped values, other delimiters), a link, a character nobody can see.
 */
final class TemplateCheck {

  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9]*");

  /** An open section: what it adds, and the path to it. */
  private record Frame(String name, int line, Scope scope, String path) {}

  private final String file;
  private final int firstLine;
  private final String text;
  private final Collection<TemplateProblem> problems;
  private final Deque<Frame> frames = new ArrayDeque<>();
  private final Set<String> seen = new HashSet<>();
  private int countedTo;
  private int countedLines;

  private TemplateCheck(
      String file, int firstLine, String text, Scope root, Collection<TemplateProblem> problems) {
    this.file = file;
    this.firstLine = firstLine;
    this.text = text;
    this.problems = problems;
    frames.push(new Frame("", 0, root, ""));
  }

  /**
   * Checks {@code text} and adds what it finds to {@code problems}.
   *
   * @param firstLine the line of the file at which the text begins, from 1
   * @param required names that must appear, as paths of sections, such as {@code
   *     categories/category}
   */
  static void check(
      String file,
      int firstLine,
      String text,
      Scope scope,
      List<String> required,
      Collection<TemplateProblem> problems) {
    TemplateCheck check = new TemplateCheck(file, firstLine, text, scope, problems);
    check.characters();
    check.links();
    check.tags();
    for (String path : required) {
      if (!check.seen.contains(path)) {
        problems.add(new TemplateProblem(file, 0, "{{" + shown(path) + "}} must appear"));
      }
    }
  }

  private void characters() {
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      if (PlainText.isRefused(codePoint)) {
        problem(i, "character U+%04X is not allowed in a template".formatted(codePoint));
      }
      i += Character.charCount(codePoint);
    }
  }

  private void links() {
    countFromStart();
    int start = 0;
    for (String line : text.split("\n", -1)) {
      String link = PlainText.link(line);
      if (link != null) {
        problem(start, "a notice must hold no link, but this line has " + link);
      }
      start += line.length() + 1;
    }
  }

  private void tags() {
    countFromStart();
    int at = 0;
    while (true) {
      int open = text.indexOf("{{", at);
      int close = text.indexOf("}}", at);
      if (close >= 0 && (open < 0 || close < open)) {
        problem(close, "}} without {{");
        at = close + 2;
        continue;
      }
      if (open < 0) {
        break;
      }
      if (close < 0) {
        problem(open, "{{ without }}");
        break;
      }
      tag(open, text.substring(open + 2, close).strip());
      at = close + (text.startsWith("}}}", close) ? 3 : 2);
    }
    for (Frame frame : frames) {
      if (!frame.name().isEmpty()) {
        problems.add(
            new TemplateProblem(
                file, frame.line(), "section {{#" + frame.name() + "}} is never closed"));
      }
    }
  }

  private void tag(int position, String body) {
    char sigil = body.isEmpty() ? ' ' : body.charAt(0);
    switch (sigil) {
      case '!' -> {}
      case '{', '&', '>', '<', '$', '=' ->
          problem(
              position,
              "tag {{"
                  + sigil
                  + " is not available; use {{name}}, {{#name}}, {{^name}}, {{/name}}");
      case '#', '^' -> open(position, sigil, body.substring(1).strip());
      case '/' -> close(position, body.substring(1).strip());
      default -> variable(position, body);
    }
  }

  private void variable(int position, String name) {
    for (Frame frame : frames) {
      if (frame.scope().variables().contains(name)) {
        seen.add(path(name));
        return;
      }
    }
    unknown(position, "variable {{" + PlainText.oneLine(name) + "}}", name);
  }

  private void open(int position, char sigil, String name) {
    for (Frame frame : frames) {
      Scope inner = frame.scope().sections().get(name);
      if (inner != null) {
        boolean inverted = sigil == '^';
        String path = path(inverted ? "^" + name : name);
        frames.push(new Frame(name, line(position), inverted ? Scope.EMPTY : inner, path));
        return;
      }
    }
    unknown(position, "section {{" + sigil + PlainText.oneLine(name) + "}}", name);
    frames.push(new Frame(name, line(position), Scope.EMPTY, path("?" + name)));
  }

  private void close(int position, String name) {
    Frame top = frames.element();
    if (name.isEmpty() || !top.name().equals(name)) {
      String expected = top.name().isEmpty() ? "no section is open" : "open is #" + top.name();
      problem(position, "{{/" + PlainText.oneLine(name) + "}} closes nothing; " + expected);
      return;
    }
    frames.pop();
  }

  private void unknown(int position, String what, String name) {
    String section = NAME.matcher(name).matches() ? homeOf(name) : null;
    if (section != null) {
      problem(position, what + " has a value only inside {{#" + section + "}}");
      return;
    }
    TreeSet<String> allowed = new TreeSet<>();
    frames.forEach(frame -> frame.scope().addTo(allowed));
    String names = allowed.isEmpty() ? "none" : String.join(", ", allowed);
    problem(position, "unknown " + what + "; allowed here: " + names);
  }

  private @Nullable String homeOf(String name) {
    for (Frame frame : frames) {
      String section = frame.scope().sectionOf(name);
      if (section != null) {
        return section;
      }
    }
    return null;
  }

  private String path(String name) {
    String outer = frames.element().path();
    return outer.isEmpty() ? name : outer + "/" + name;
  }

  private void problem(int position, String what) {
    problems.add(new TemplateProblem(file, line(position), what));
  }

  private void countFromStart() {
    countedTo = 0;
    countedLines = 0;
  }

  private int line(int position) {
    for (; countedTo < position; countedTo++) {
      if (text.charAt(countedTo) == '\n') {
        countedLines++;
      }
    }
    return firstLine + countedLines;
  }

  private static String shown(String path) {
    int cut = path.lastIndexOf('/');
    return cut < 0
        ? path
        : "#" + path.substring(0, cut).replace("/", "}}{{#") + "}}{{" + path.substring(cut + 1);
  }
}
