package io.tocsin.streams.identifier;

import io.tocsin.avro.Affected;
import io.tocsin.avro.AffectedEvent;
import io.tocsin.avro.EndMarker;
import java.util.List;

/** Makes the records of tocsin.affected. */
final class Events {

  private Events() {}

  static AffectedEvent affected(
      String incidentId, int version, String shard, String dataset, List<String> categories) {
    return new AffectedEvent(incidentId, version, shard, new Affected(dataset, categories));
  }

  static AffectedEvent endMarker(String incidentId, int version, String shard, long count) {
    return new AffectedEvent(incidentId, version, shard, new EndMarker(count));
  }
}
