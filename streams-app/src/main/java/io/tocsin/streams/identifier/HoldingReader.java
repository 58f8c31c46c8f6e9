package io.tocsin.streams.identifier;

import io.tocsin.avro.Holding;
import io.tocsin.avro.Interval;
import io.tocsin.schemas.catalogue.Catalogue;
import io.tocsin.schemas.deadletter.DeadLetterCode;
import io.tocsin.schemas.id.HoldingKey;
import io.tocsin.schemas.serde.UnreadableRecordException;
import io.tocsin.streams.DeadLetterWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads holdings from the bytes of topic and store, and says what is wrong with those that make no
 * sense. The store holds whatever the topic holds, so what is refused on arrival is met again by a
 * scan, which counts it.
 */
final class HoldingReader {

  private final Deserializer<Holding> deserializer;
  private final String topic;
  private final Set<String> datasets;
  private final Set<String> categories;

  HoldingReader(Deserializer<Holding> deserializer, String topic, Catalogue catalogue) {
    this.deserializer = deserializer;
    this.topic = topic;
    this.datasets =
        catalogue.datasets().stream()
            .map(Catalogue.Dataset::id)
            .collect(Collectors.toUnmodifiableSet());
    this.categories =
        catalogue.categories().stream()
            .map(Catalogue.Category::id)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** A holding, or why there is none. */
  sealed interface Result permits Understood, Unreadable {}

  /** The holding makes sense. */
  record Understood(Holding holding) implements Result {}

  /** The holding makes none; the reason names nothing of it but positions. */
  record Unreadable(DeadLetterCode code, String reason) implements Result {}

  /** Reads a key; empty if it is not {@code dataset/userId} in UTF-8. */
  Optional<HoldingKey> key(byte[] key) {
    return utf8(key, 0, key.length).flatMap(HoldingKey::parse);
  }

  /** Reads a user id behind a prefix. */
  Optional<String> userId(byte[] key, int prefix) {
    return prefix >= key.length ? Optional.empty() : utf8(key, prefix, key.length - prefix);
  }

  /** Reads a value, of a dataset that need not be the catalogue's. */
  Result value(byte[] value) {
    Holding holding;
    try {
      holding = Objects.requireNonNull(deserializer.deserialize(topic, value));
    } catch (UnreadableRecordException e) {
      DeadLetterCode code = DeadLetterWriter.codeOf(e);
      return new Unreadable(code, Objects.requireNonNullElse(e.getMessage(), code.word()));
    }
    String problem = problem(holding);
    return problem == null
        ? new Understood(holding)
        : new Unreadable(DeadLetterCode.INVALID, problem);
  }

  boolean hasDataset(String dataset) {
    return datasets.contains(dataset);
  }

  private @Nullable String problem(Holding holding) {
    List<Interval> intervals = holding.getIntervals();
    if (intervals.isEmpty()) {
      return "intervals is empty; publish a tombstone to say that nothing is held.";
    }
    for (int i = 0; i < intervals.size(); i++) {
      Interval interval = intervals.get(i);
      if (interval.getUntil().isPresent()
          && !interval.getUntil().get().isAfter(interval.getFrom())) {
        return "intervals[%d]: until is not after from; correct one of them.".formatted(i);
      }
      if (interval.getCategories().isEmpty()) {
        return "intervals[%d]: categories is empty; name what was held.".formatted(i);
      }
      for (int j = 0; j < interval.getCategories().size(); j++) {
        if (!categories.contains(interval.getCategories().get(j))) {
          return "intervals[%d].categories[%d] is not in the catalogue; correct it or add it there."
              .formatted(i, j);
        }
      }
    }
    return null;
  }

  private static Optional<String> utf8(byte[] bytes, int offset, int length) {
    String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') < 0) {
      return Optional.of(text);
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes, offset, length))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
