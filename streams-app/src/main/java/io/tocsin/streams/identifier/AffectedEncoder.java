package io.tocsin.streams.identifier;

import io.tocsin.avro.Affected;
import io.tocsin.avro.AffectedEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Encodes what is said of affected users. In one scan of one dataset it is the same for everybody
 * of whom the same categories were exposed, so most of it is encoded already. Not thread-safe: it
 * belongs to a task.
 */
final class AffectedEncoder {

  /**
   * Beyond so many different ones it starts again, lest holdings decide how much memory it takes.
   */
  private static final int LARGEST = 1_024;

  private final Serializer<AffectedEvent> serializer;
  private final String topic;
  private final Map<Said, byte[]> encoded = new HashMap<>();

  private record Said(
      String incidentId, int version, String shard, String dataset, List<String> categories) {}

  AffectedEncoder(Serializer<AffectedEvent> serializer, String topic) {
    this.serializer = serializer;
    this.topic = topic;
  }

  /** The bytes of an event about a user; not to be changed. */
  byte[] encode(AffectedEvent event) {
    Affected affected = (Affected) event.getBody();
    Said said =
        new Said(
            event.getIncidentId(),
            event.getVersion(),
            event.getShard(),
            affected.getDataset(),
            affected.getCategories());
    byte[] bytes = encoded.get(said);
    if (bytes == null) {
      if (encoded.size() >= LARGEST) {
        encoded.clear();
      }
      bytes = serializer.serialize(topic, event);
      encoded.put(said, bytes);
    }
    return bytes;
  }
}
