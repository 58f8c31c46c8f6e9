package io.tocsin.streams.identifier;

import io.tocsin.avro.AffectedEvent;
import io.tocsin.avro.Evidence;
import io.tocsin.avro.IncidentShard;
import io.tocsin.schemas.topic.Topic;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.streams.PartitionMulticast;
import io.tocsin.streams.StateSerde;
import io.tocsin.streams.StreamsContext;
import io.tocsin.streams.state.EvidenceCount;
import io.tocsin.streams.state.EvidenceTally;
import io.tocsin.streams.state.ScanState;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The identifier: who is affected by which incident.
 *
 * <p>Four sub-topologies, because four things must meet by four different keys:
 *
 * <ol>
 *   <li>holdings and incidents, by partition of holdings: {@link HoldingsProcessor}
 *   <li>evidence as published, whatever partitioner its producer has: {@link EvidenceCheck}
 *   <li>evidence by user and incidents, by partition of users: {@link EvidenceProcessor}
 *   <li>tallies of evidence, in one partition: {@link EvidenceCounter}
 * </ol>
 *
 * <p>The store of holdings has no changelog: it holds the topic's own bytes and is restored from
 * the topic (KIP-813), up to the committed offset, so that every record in it has been processed
 * exactly once.
 */
public final class IdentifierTopology {

  public static final String APPLICATION_ID = "tocsin-identifier";

  public static final String HOLDINGS_SOURCE = "holdings-source";
  public static final String HOLDINGS_TABLE = "holdings-table";
  public static final String INCIDENT_SHARDS_SOURCE = "incident-shards-source";
  public static final String HOLDINGS_PROCESSOR = "holdings-processor";
  public static final String HOLDINGS_AFFECTED_SINK = "holdings-affected-sink";
  public static final String HOLDINGS_MARKERS_SINK = "holdings-markers-sink";
  public static final String HOLDINGS_PROGRESS_SINK = "holdings-progress-sink";
  public static final String HOLDINGS_DEAD_LETTERS_SINK = "holdings-dead-letters-sink";

  public static final String EVIDENCE_SOURCE = "evidence-source";
  public static final String EVIDENCE_CHECK = "evidence-check";
  public static final String EVIDENCE_BY_USER = "evidence-by-user";
  public static final String EVIDENCE_BY_USER_SINK = EVIDENCE_BY_USER + "-repartition-filter";
  public static final String EVIDENCE_DEAD_LETTERS_SINK = "evidence-dead-letters-sink";

  public static final String DISPATCH_CONTROL_SOURCE = "dispatch-control-source";
  public static final String EVIDENCE_AND_INCIDENTS = "evidence-and-incidents";
  public static final String EVIDENCE_PROCESSOR = "evidence-processor";
  public static final String EVIDENCE_AFFECTED_SINK = "evidence-affected-sink";
  public static final String EVIDENCE_TALLIES = "evidence-tallies";
  public static final String EVIDENCE_TALLIES_SINK = EVIDENCE_TALLIES + "-repartition-filter";

  public static final String EVIDENCE_COUNTER = "evidence-counter";
  public static final String EVIDENCE_MARKERS_SINK = "evidence-markers-sink";
  public static final String EVIDENCE_PROGRESS_SINK = "evidence-progress-sink";

  /** dataset/userId to the holding, as published. */
  public static final String HOLDINGS_STORE = "holdings";

  /** Incident id to its latest accepted version, for holdings. */
  public static final String HOLDING_INCIDENTS_STORE = "holding-incidents";

  /** Incident id to the state of its scan of holdings. */
  public static final String HOLDING_SCANS_STORE = "holding-scans";

  /** incident/version/dataset/userId to the line of evidence. */
  public static final String EVIDENCE_STORE = "evidence";

  /** Incident id to its latest accepted version, for evidence. */
  public static final String EVIDENCE_INCIDENTS_STORE = "evidence-incidents";

  /** Incident id to the state of its reading of evidence. */
  public static final String EVIDENCE_SCANS_STORE = "evidence-scans";

  /** Incident id to the sum of its tallies. */
  public static final String EVIDENCE_COUNTS_STORE = "evidence-counts";

  private final StreamsContext context;
  private final IdentifierSettings settings;
  private final ScanTicks ticks;

  private IdentifierTopology(
      StreamsContext context, IdentifierSettings settings, LongSupplier nanoTime) {
    this.context = context;
    this.settings = settings;
    this.ticks = new ScanTicks(settings, nanoTime);
  }

  /** Builds the topology; nothing is started or sent. */
  public static Topology build(StreamsContext context, IdentifierSettings settings) {
    return build(context, settings, System::nanoTime);
  }

  /** Builds the topology with a clock of its own for the scans' budgets. */
  static Topology build(
      StreamsContext context, IdentifierSettings settings, LongSupplier nanoTime) {
    return new IdentifierTopology(context, settings, nanoTime).build();
  }

  private Topology build() {
    StreamsBuilder builder = new StreamsBuilder();
    addEvidence(builder);
    Topology topology = builder.build();
    addSink(topology, EVIDENCE_DEAD_LETTERS_SINK, Topics.DEAD_LETTERS, EVIDENCE_CHECK);
    addSink(topology, EVIDENCE_AFFECTED_SINK, Topics.AFFECTED, EVIDENCE_PROCESSOR);
    addMarkers(topology, EVIDENCE_MARKERS_SINK, EVIDENCE_COUNTER);
    addSink(topology, EVIDENCE_PROGRESS_SINK, Topics.IDENTIFICATION_PROGRESS, EVIDENCE_COUNTER);
    addHoldings(topology);
    return topology;
  }

  private void addHoldings(Topology topology) {
    // The store's own processor cannot forward and cannot see what it replaces, so it does nothing:
    // HoldingsProcessor, which
    // gets every record after it, writes the store.
    topology.addReadOnlyStateStore(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(HOLDINGS_STORE), Serdes.Bytes(), Serdes.ByteArray()),
        HOLDINGS_SOURCE,
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        Topics.HOLDINGS_TOPIC.name(),
        HOLDINGS_TABLE,
        () ->
            new Processor<byte[], byte[], Void, Void>() {
              @Override
              public void process(Record<byte[], byte[]> record) {}
            });
    topology.addSource(
        AutoOffsetReset.earliest(),
        INCIDENT_SHARDS_SOURCE,
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        Topics.INCIDENT_SHARDS.name());
    topology.addProcessor(
        HOLDINGS_PROCESSOR,
        new HoldingsProcessor(context, settings, ticks),
        HOLDINGS_SOURCE,
        INCIDENT_SHARDS_SOURCE);
    topology.connectProcessorAndStateStores(HOLDINGS_PROCESSOR, HOLDINGS_STORE);
    topology.addStateStore(incidents(HOLDING_INCIDENTS_STORE), HOLDINGS_PROCESSOR);
    topology.addStateStore(scans(HOLDING_SCANS_STORE), HOLDINGS_PROCESSOR);
    topology.addSink(
        HOLDINGS_AFFECTED_SINK,
        Topics.AFFECTED.name(),
        Topics.AFFECTED.keySerde().serializer(),
        new ByteArraySerializer(),
        HOLDINGS_PROCESSOR);
    addMarkers(topology, HOLDINGS_MARKERS_SINK, HOLDINGS_PROCESSOR);
    addSink(topology, HOLDINGS_PROGRESS_SINK, Topics.IDENTIFICATION_PROGRESS, HOLDINGS_PROCESSOR);
    addSink(topology, HOLDINGS_DEAD_LETTERS_SINK, Topics.DEAD_LETTERS, HOLDINGS_PROCESSOR);
  }

  private void addEvidence(StreamsBuilder builder) {
    builder.addStateStore(
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(EVIDENCE_STORE), Serdes.Bytes(), Serdes.ByteArray())
            .withLoggingEnabled(Map.of()));
    builder.addStateStore(incidents(EVIDENCE_INCIDENTS_STORE));
    builder.addStateStore(scans(EVIDENCE_SCANS_STORE));
    builder.addStateStore(
        Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(EVIDENCE_COUNTS_STORE),
            Serdes.String(),
            new StateSerde<EvidenceCount>(EvidenceCount.getClassSchema())));

    Serde<Evidence> evidence = context.serde(Topics.INCIDENT_SUBJECTS);
    KStream<String, SpecificRecord> byUser =
        builder.stream(
                Topics.INCIDENT_SUBJECTS.name(),
                Consumed.with(Serdes.ByteArray(), Serdes.ByteArray())
                    .withOffsetResetPolicy(AutoOffsetReset.earliest())
                    .withName(EVIDENCE_SOURCE))
            .process(new EvidenceCheck(context), Named.as(EVIDENCE_CHECK))
            .repartition(
                Repartitioned.<String, SpecificRecord>as(EVIDENCE_BY_USER)
                    .withKeySerde(Serdes.String())
                    .withValueSerde(new WideSerde<>(evidence, Evidence.class))
                    .withNumberOfPartitions(context.usersPartitions()));
    KStream<String, SpecificRecord> control =
        builder.stream(
            Topics.DISPATCH_CONTROL.name(),
            Consumed.with(
                    Serdes.String(),
                    (Serde<SpecificRecord>)
                        new WideSerde<>(
                            context.serde(Topics.DISPATCH_CONTROL),
                            Topics.DISPATCH_CONTROL.valueType()))
                .withOffsetResetPolicy(AutoOffsetReset.earliest())
                .withName(DISPATCH_CONTROL_SOURCE));
    byUser
        .merge(control, Named.as(EVIDENCE_AND_INCIDENTS))
        .process(
            new EvidenceProcessor(settings, ticks),
            Named.as(EVIDENCE_PROCESSOR),
            EVIDENCE_STORE,
            EVIDENCE_INCIDENTS_STORE,
            EVIDENCE_SCANS_STORE)
        .repartition(
            Repartitioned.<String, SpecificRecord>as(EVIDENCE_TALLIES)
                .withKeySerde(Serdes.String())
                .withValueSerde(
                    new WideSerde<>(
                        new StateSerde<EvidenceTally>(EvidenceTally.getClassSchema()),
                        EvidenceTally.class))
                .withNumberOfPartitions(1))
        .process(EvidenceCounter::new, Named.as(EVIDENCE_COUNTER), EVIDENCE_COUNTS_STORE);
  }

  private StoreBuilder<KeyValueStore<String, IncidentShard>> incidents(String name) {
    return Stores.keyValueStoreBuilder(
        Stores.inMemoryKeyValueStore(name), Serdes.String(), context.serde(Topics.INCIDENT_SHARDS));
  }

  /** Cached, so that many changes within a transaction are one record in the changelog. */
  private static StoreBuilder<KeyValueStore<String, ScanState>> scans(String name) {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(name),
            Serdes.String(),
            new StateSerde<ScanState>(ScanState.getClassSchema()))
        .withCachingEnabled();
  }

  private <V extends SpecificRecord> void addSink(
      Topology topology, String name, Topic<String, V> topic, String parent) {
    topology.addSink(
        name,
        topic.name(),
        topic.keySerde().serializer(),
        context.serde(topic).serializer(),
        parent);
  }

  private void addMarkers(Topology topology, String name, String parent) {
    topology.addSink(
        name,
        Topics.AFFECTED.name(),
        Topics.AFFECTED.keySerde().serializer(),
        context.serde(Topics.AFFECTED).serializer(),
        new PartitionMulticast<String, AffectedEvent>(),
        parent);
  }
}
