package io.tocsin.notifier.text;

import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The shared {@code email.html}: puts the blocks of a rendered e-mail into HTML, and adds no words.
 */
final class EmailLayout {

  private static final Mustache.Compiler COMPILER =
      Mustache.compiler().withEscaper(Escapers.HTML).strictSections(true);
  private static final Pattern REMOTE =
      Pattern.compile(
          "(?i)<\\s*/?\\s*(?:a|area|audio|base|embed|form|frame|iframe|img|input|link|object|picture"
              + "|script|source|svg|video)\\b|\\b(?:href|src|srcset|background|action)\\s*="
              + "|\\burl\\s*\\(|@import|\\bon[a-z]+\\s*=");
  private static final Pattern NOT_BODY =
      Pattern.compile("(?is)<head\\b.*?</head>|<!--.*?-->|<!doctype[^>]*>");
  private static final Pattern TAG = Pattern.compile("<[^>]*>");

  private final Template template;

  EmailLayout(String html) {
    template = COMPILER.compile(html);
  }

  String render(String language, String subject, List<Block> blocks) {
    return template.execute(
        Map.of(
            "language",
            language,
            "subject",
            subject,
            "blocks",
            blocks.stream().map(EmailLayout::context).toList()));
  }

  /** Checks what {@link TemplateCheck} cannot: nothing remote, and every block shown as it is. */
  static void check(String file, String html, Collection<TemplateProblem> problems) {
    String[] lines = html.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      Matcher matcher = REMOTE.matcher(lines[i]);
      if (matcher.find()) {
        problems.add(
            new TemplateProblem(
                file,
                i + 1,
                "a notice must hold no link, image, script or remote content, but this line has "
                    + matcher.group().strip()));
      }
    }
  }

  /** Renders every kind of block and compares the words. */
  static void checkWords(String file, String html, Collection<TemplateProblem> problems) {
    List<Block> blocks =
        Block.parse("# Title & <b>\n\n# Heading\n\nfirst line\nsecond\n\n- one\n- two");
    List<String> expected = words(Block.toText(blocks));
    List<String> shown = words(bodyText(new EmailLayout(html).render("en", "Subject", blocks)));
    if (!shown.equals(expected)) {
      problems.add(
          new TemplateProblem(
              file,
              0,
              "must show every block once, in order, and no words of its own; it shows "
                  + String.join(" ", shown)
                  + " for "
                  + String.join(" ", expected)));
    }
  }

  /** What a reader sees of an HTML page made by a layout. */
  static String bodyText(String html) {
    String body = NOT_BODY.matcher(html).replaceAll(" ");
    return TAG.matcher(body)
        .replaceAll(" ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x60;", "`")
        .replace("&#x3D;", "=")
        .replace("&amp;", "&");
  }

  /** The words of a text, without its underlines and hyphens. */
  static List<String> words(String text) {
    return Arrays.stream(text.split("\\s+"))
        .filter(word -> !word.matches("[-=]*"))
        .collect(Collectors.toList());
  }

  private static Map<String, Object> context(Block block) {
    Map<String, Object> context = new HashMap<>();
    for (String kind : List.of("title", "heading", "paragraph", "list")) {
      context.put(kind, false);
    }
    switch (block) {
      case Block.Title(String text) -> context.put("title", text);
      case Block.Heading(String text) -> context.put("heading", text);
      case Block.Paragraph(List<String> lines) ->
          context.put("paragraph", Map.of("lines", each("line", lines)));
      case Block.Bullets(List<String> items) ->
          context.put("list", Map.of("items", each("item", items)));
    }
    return context;
  }

  private static List<Map<String, String>> each(String name, List<String> values) {
    return values.stream().map(value -> Map.of(name, value)).toList();
  }
}
