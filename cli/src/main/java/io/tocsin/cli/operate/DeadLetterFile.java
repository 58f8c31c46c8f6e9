package io.tocsin.cli.operate;

import io.tocsin.avro.DeadLetter;
import io.tocsin.cli.CommandException;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.cluster.Entry;
import io.tocsin.schemas.topic.Topics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The dead letters. A replay is a record of its own among them: it has the code {@value #REPLAYED},
 * and the topic, partition and offset of the letter it speaks of; nothing is changed or removed.
 */
final class DeadLetterFile {

  /** Code of a record that says that a letter was replayed. */
  static final String REPLAYED = "replayed";

  /** Where a letter's record came from. */
  private record Origin(String topic, int partition, long offset) {
    static Origin of(DeadLetter letter) {
      return new Origin(letter.getTopic(), letter.getPartition(), letter.getOffset());
    }
  }

  /**
   * A letter as it is filed.
   *
   * @param id its offset among the dead letters
   * @param key the original key, or its hash
   * @param replays when it was replayed, oldest first
   */
  record Filed(long id, String key, DeadLetter letter, List<String> replays) {}

  private final Map<Long, Filed> letters;

  private DeadLetterFile(Map<Long, Filed> letters) {
    this.letters = letters;
  }

  static DeadLetterFile read(Cluster cluster) {
    Map<Long, Filed> letters = new LinkedHashMap<>();
    Map<Origin, List<String>> replays = new LinkedHashMap<>();
    cluster
        .reader()
        .each(
            Topics.DEAD_LETTERS,
            entry -> {
              DeadLetter letter = entry.value();
              if (letter != null) {
                file(entry, letter, letters, replays);
              }
            });
    return new DeadLetterFile(letters);
  }

  List<Filed> all() {
    return List.copyOf(letters.values());
  }

  Filed require(long id) {
    Filed filed = letters.get(id);
    if (filed == null) {
      throw CommandException.failed(
          "There is no dead letter " + id + "; `tocsin dead-letters list` names all");
    }
    return filed;
  }

  private static void file(
      Entry<DeadLetter> entry,
      DeadLetter letter,
      Map<Long, Filed> letters,
      Map<Origin, List<String>> replays) {
    List<String> known = replays.computeIfAbsent(Origin.of(letter), origin -> new ArrayList<>());
    if (letter.getCode().equals(REPLAYED)) {
      known.add(letter.getReason() + " at " + letter.getAt());
    } else {
      letters.put(
          entry.offset(),
          new Filed(entry.offset(), Objects.requireNonNullElse(entry.key(), ""), letter, known));
    }
  }
}
