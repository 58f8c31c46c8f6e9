package io.tocsin.schemas.topic;

import io.tocsin.schemas.config.TocsinConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/**
 * Whether the topics are as they were made: every part asks before it starts, since one partition
 * too many would send a person's records to two tasks.
 */
public final class TopicsCheck {

  private final Admin admin;
  private final PartitionRecord record;
  private final TopicSettings settings;

  /** Checks against a configuration. */
  public TopicsCheck(Admin admin, TocsinConfig config) {
    this(admin, new PartitionRecord(config.kafka()), TopicSettings.from(config));
  }

  TopicsCheck(Admin admin, PartitionRecord record, TopicSettings settings) {
    this.admin = admin;
    this.record = record;
    this.settings = settings;
  }

  /**
   * Refuses topics that are missing or differ.
   *
   * @throws TopicsException naming every one
   */
  public void verify() {
    List<String> problems = problems();
    if (!problems.isEmpty()) {
      throw new TopicsException(String.join("; ", problems));
    }
  }

  /** The topics that do not exist. */
  public List<String> missing() {
    return missing(actualPartitions(admin, names()));
  }

  /**
   * The topics whose partitions are not recorded: somebody else made them, or `tocsin topics apply`
   * is still at it.
   */
  public List<String> unrecorded() {
    Map<String, Integer> recorded = record.read();
    return Topics.ALL.stream()
        .map(Topic::name)
        .filter(name -> !recorded.containsKey(name))
        .toList();
  }

  /** What is wrong with the topics, a sentence each; empty when nothing is. */
  public List<String> problems() {
    Map<String, Integer> actual = actualPartitions(admin, names());
    List<String> missing = missing(actual);
    if (!missing.isEmpty()) {
      return List.of(
          "Missing topics: "
              + String.join(", ", missing)
              + "; create them with `tocsin topics apply`");
    }
    Map<String, Integer> recorded = record.read();
    List<String> problems = new ArrayList<>();
    CountDifferences differences = new CountDifferences(settings);
    for (Topic<String, ? extends SpecificRecord> topic : Topics.ALL) {
      int count = actual.getOrDefault(topic.name(), 0);
      Integer known = recorded.get(topic.name());
      if (known == null) {
        problems.add(
            topic
                + " was not made by `tocsin topics apply`; run it, so that its partitions are"
                + " recorded");
      } else if (known != count) {
        problems.add(
            topic
                + " was made with "
                + known
                + " partitions and has "
                + count
                + "; its records are no longer where they belong, restore the count from a backup");
      } else {
        differences.compare(topic, count);
      }
    }
    problems.addAll(differences.sentences());
    return problems;
  }

  private static List<String> missing(Map<String, Integer> actual) {
    List<String> missing = new ArrayList<>(names());
    missing.removeAll(actual.keySet());
    return missing;
  }

  /** The partitions of those of the topics that exist. */
  static Map<String, Integer> actualPartitions(Admin admin, List<String> names) {
    try {
      Set<String> present = new HashSet<>(admin.listTopics().names().get());
      present.retainAll(names);
      return admin.describeTopics(present).allTopicNames().get().values().stream()
          .collect(Collectors.toMap(topic -> topic.name(), topic -> topic.partitions().size()));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("Interrupted while asking for the topics", e);
    }
  }

  /** Every topic that must exist. */
  static List<String> names() {
    List<String> names = new ArrayList<>(Topics.ALL.stream().map(Topic::name).toList());
    names.add(PartitionRecord.TOPIC);
    return names;
  }
}
