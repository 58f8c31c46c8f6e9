package io.tocsin.notifier.text;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One block of a rendered e-mail. Its markup is light: a line that begins with <code># </code> is a
 * heading (the first one of the text its title), lines that begin with <code>- </code> are a list,
 * other lines up to the next blank one a paragraph. Both parts of the message are made from the
 * same blocks, and so hold the same words.
 */
sealed interface Block {

  record Title(String text) implements Block {}

  record Heading(String text) implements Block {}

  record Paragraph(List<String> lines) implements Block {}

  record Bullets(List<String> items) implements Block {}

  static List<Block> parse(String markup) {
    List<Block> blocks = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    List<String> items = new ArrayList<>();
    for (String raw : markup.split("\n", -1)) {
      String line = raw.strip();
      boolean bullet = line.startsWith("- ");
      boolean heading = line.startsWith("# ");
      if (!bullet && !items.isEmpty()) {
        blocks.add(new Bullets(List.copyOf(items)));
        items.clear();
      }
      if ((line.isEmpty() || bullet || heading) && !lines.isEmpty()) {
        blocks.add(new Paragraph(List.copyOf(lines)));
        lines.clear();
      }
      if (bullet) {
        items.add(line.substring(2).strip());
      } else if (heading) {
        String text = line.substring(2).strip();
        blocks.add(blocks.isEmpty() ? new Title(text) : new Heading(text));
      } else if (!line.isEmpty()) {
        lines.add(line);
      }
    }
    if (!items.isEmpty()) {
      blocks.add(new Bullets(List.copyOf(items)));
    }
    if (!lines.isEmpty()) {
      blocks.add(new Paragraph(List.copyOf(lines)));
    }
    return blocks;
  }

  /** The text/plain part: headings underlined, lists with hyphens, blocks apart by a blank line. */
  static String toText(List<Block> blocks) {
    return blocks.stream().map(Block::asText).collect(Collectors.joining("\n\n", "", "\n"));
  }

  private static String asText(Block block) {
    return switch (block) {
      case Title(String text) -> text + "\n" + "=".repeat(width(text));
      case Heading(String text) -> text + "\n" + "-".repeat(width(text));
      case Paragraph(List<String> lines) -> String.join("\n", lines);
      case Bullets(List<String> items) -> "- " + String.join("\n- ", items);
    };
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
