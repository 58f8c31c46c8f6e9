package io.tocsin.schemas.serde;

import io.tocsin.avro.sample.Sighting;
import io.tocsin.avro.sample.SightingKind;
import io.tocsin.avro.sample.SightingSpan;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/** Records and schemas for the tests of this package. */
final class Sightings {

  static final String TOPIC = "tocsin.sightings";
  static final String SECRET = "aigerim@example.kz";

  private Sightings() {}

  static Sighting sighting() {
    return Sighting.newBuilder()
        .setId("s-1")
        .setSeenAt(Instant.parse("2026-03-01T10:15:30.123Z"))
        .setEndedAt(Instant.parse("2026-03-02T00:00:00Z"))
        .setNote(SECRET)
        .setKind(SightingKind.FAR)
        .setSpans(
            List.of(
                SightingSpan.newBuilder()
                    .setFrom(Instant.parse("2026-03-01T10:15:30.123456Z"))
                    .setLabels(Map.of("kk", "Түсіндірме"))
                    .build()))
        .build();
  }

  /** The schema of {@link Sighting} with one piece of its text replaced. */
  static Schema altered(String find, String replacement) {
    String text = PublishedSchema.of(Sighting.getClassSchema()).toString();
    if (!text.contains(find)) {
      throw new IllegalArgumentException("The schema has no " + find + ": " + text);
    }
    return new Schema.Parser().parse(text.replace(find, replacement));
  }
}
