package io.tocsin.bench.identify;

import io.tocsin.avro.Affected;
import io.tocsin.avro.AffectedEvent;
import io.tocsin.avro.Holding;
import io.tocsin.avro.Incident;
import io.tocsin.avro.Interval;
import io.tocsin.avro.Scope;
import io.tocsin.schemas.id.HoldingKey;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.streams.StreamsContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TableJoined;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What Kafka Streams offers by itself for "who is affected": holdings joined to incidents by the
 * dataset as a foreign key (KIP-213). Same records, serdes and output as the identifier; no end
 * markers, barriers, evidence or later holdings, which it cannot do. The topic of holdings is its
 * own changelog, so that it writes no more than it must.
 */
final class FkJoinTopology {

  static final String APPLICATION_ID = "bench-fk-join";

  /** Dataset to the incident that exposed it. */
  static final String INCIDENTS = "bench.fk-join.incidents";

  /** User id to what of theirs was exposed. */
  static final String AFFECTED = "bench.fk-join.affected";

  private static final String SHARD = "fk-join";

  private FkJoinTopology() {}

  /** Builds the topology. */
  static Topology build(StreamsContext context) {
    Properties optimised = new Properties();
    optimised.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.OPTIMIZE);
    StreamsBuilder builder = new StreamsBuilder();
    KTable<String, Holding> holdings =
        builder.table(
            Topics.HOLDINGS_TOPIC.name(),
            Consumed.with(Serdes.String(), context.serde(Topics.HOLDINGS_TOPIC))
                .withName("holdings-source"),
            // Every key comes once: a cache would only delay it.
            Materialized.<String, Holding, KeyValueStore<Bytes, byte[]>>as("holdings")
                .withCachingDisabled());
    KTable<String, Incident> incidents =
        builder.table(
            INCIDENTS,
            Consumed.with(Serdes.String(), context.serde(Topics.INCIDENTS))
                .withName("incidents-source"),
            Materialized.<String, Incident, KeyValueStore<Bytes, byte[]>>as("incidents"));
    holdings
        .<AffectedEvent, String, Incident>join(
            incidents,
            (key, holding) -> key.substring(0, key.indexOf('/')),
            FkJoinTopology::affected,
            TableJoined.as("affected"))
        .toStream(Named.as("affected-stream"))
        .filter((key, event) -> event != null && !categories(event).isEmpty(), Named.as("exposed"))
        .map(
            (key, event) ->
                KeyValue.pair(HoldingKey.parse(key).map(HoldingKey::userId).orElse(key), event),
            Named.as("by-user"))
        .to(
            AFFECTED,
            Produced.with(Serdes.String(), context.serde(Topics.AFFECTED))
                .withName("affected-sink"));
    return builder.build(optimised);
  }

  private static AffectedEvent affected(Holding holding, Incident incident) {
    Scope scope = incident.getScope();
    Set<String> exposed = new LinkedHashSet<>();
    for (Interval interval : holding.getIntervals()) {
      if (overlaps(scope, interval)) {
        exposed.addAll(interval.getCategories());
      }
    }
    return new AffectedEvent(
        incident.getIncidentId(),
        incident.getVersion(),
        SHARD,
        new Affected(scope.getDatasets().getFirst().getDataset(), List.copyOf(exposed)));
  }

  private static boolean overlaps(Scope scope, Interval interval) {
    return scope.getExposedUntil().map(until -> interval.getFrom().isBefore(until)).orElse(true)
        && (interval.getUntil().isEmpty()
            || scope
                .getExposedFrom()
                .map(from -> interval.getUntil().get().isAfter(from))
                .orElse(true));
  }

  private static List<String> categories(AffectedEvent event) {
    return ((Affected) event.getBody()).getCategories();
  }
}
