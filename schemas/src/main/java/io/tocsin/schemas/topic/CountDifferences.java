package io.tocsin.schemas.topic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Topics whose partitions are not as many as configured, told in one sentence for each setting. */
final class CountDifferences {

  private record Same(PartitionGroup group, int actual) {}

  private final TopicSettings settings;
  private final Map<Same, List<String>> topics = new LinkedHashMap<>();

  CountDifferences(TopicSettings settings) {
    this.settings = settings;
  }

  /** Notes a topic if its partitions are not as many as configured. */
  void compare(Topic<?, ?> topic, int actual) {
    if (settings.partitions(topic) != actual) {
      topics
          .computeIfAbsent(new Same(topic.group(), actual), same -> new ArrayList<>())
          .add(topic.name());
    }
  }

  /** What was noted. */
  List<String> sentences() {
    return topics.entrySet().stream()
        .map(entry -> sentence(entry.getKey(), entry.getValue()))
        .toList();
  }

  private String sentence(Same same, List<String> names) {
    String subject =
        switch (names.size()) {
          case 1 -> names.getFirst() + " has ";
          default -> names.getFirst() + " and " + (names.size() - 1) + " more have ";
        };
    return subject
        + same.actual()
        + " partitions, but "
        + TopicSettings.key(same.group())
        + " says "
        + settings.partitions(same.group())
        + "; the count is fixed once topics exist, so set it to "
        + same.actual();
  }
}
