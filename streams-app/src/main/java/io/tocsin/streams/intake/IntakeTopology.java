package io.tocsin.streams.intake;

import io.tocsin.schemas.topic.Topic;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.streams.PartitionMulticast;
import io.tocsin.streams.StreamsContext;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The intake: what publishers and operators write is checked, answered, and copied to whom it
 * concerns.
 *
 * <p>One sub-topology and one task: its topics have one partition each, so everything about an
 * incident is decided in one place, whatever partitioner its producer has.
 */
public final class IntakeTopology {

  public static final String APPLICATION_ID = "tocsin-intake";

  public static final String INCIDENTS_SOURCE = "incidents-source";
  public static final String DECISIONS_SOURCE = "decisions-source";
  public static final String TEMPLATES_SOURCE = "templates-source";

  public static final String INCIDENT_PROCESSOR = "incident-processor";
  public static final String DECISION_PROCESSOR = "decision-processor";
  public static final String TEMPLATE_PROCESSOR = "template-processor";

  public static final String ANSWERS_SINK = "answers-sink";
  public static final String INCIDENT_SHARDS_SINK = "incident-shards-sink";
  public static final String DISPATCH_CONTROL_SINK = "dispatch-control-sink";
  public static final String BARRIERS_SINK = "barriers-sink";

  /** Incident id to its latest accepted version. */
  public static final String INCIDENTS_STORE = "incidents";

  /** Decision id to the accepted decision. */
  public static final String DECISIONS_STORE = "decisions";

  /** Decision id to an approval whose template is not here yet. */
  public static final String WAITING_STORE = "waiting-decisions";

  /** templateId/version to incidentId/version. */
  public static final String TEMPLATES_STORE = "templates";

  private IntakeTopology() {}

  /** Builds the topology; nothing is started or sent. */
  public static Topology build(StreamsContext context, IntakeSettings settings) {
    Topology topology = new Topology();
    addSource(topology, context, INCIDENTS_SOURCE, Topics.INCIDENTS);
    addSource(topology, context, DECISIONS_SOURCE, Topics.DECISIONS);
    addSource(topology, context, TEMPLATES_SOURCE, Topics.TEMPLATES);

    topology.addProcessor(
        INCIDENT_PROCESSOR,
        () -> new IncidentProcessor(context.catalogue(), context.holdingsPartitions()),
        INCIDENTS_SOURCE);
    topology.addProcessor(
        DECISION_PROCESSOR, () -> new DecisionProcessor(settings), DECISIONS_SOURCE);
    topology.addProcessor(TEMPLATE_PROCESSOR, TemplateProcessor::new, TEMPLATES_SOURCE);

    topology.addStateStore(
        store(INCIDENTS_STORE, context.serde(Topics.INCIDENT_SHARDS)),
        INCIDENT_PROCESSOR,
        DECISION_PROCESSOR);
    topology.addStateStore(
        store(DECISIONS_STORE, context.serde(Topics.DECISIONS)), DECISION_PROCESSOR);
    topology.addStateStore(
        store(WAITING_STORE, context.serde(Topics.DECISIONS)), DECISION_PROCESSOR);
    topology.addStateStore(
        store(TEMPLATES_STORE, Serdes.String()), DECISION_PROCESSOR, TEMPLATE_PROCESSOR);

    topology.addSink(
        ANSWERS_SINK,
        Topics.INCIDENT_ANSWERS.name(),
        Topics.INCIDENT_ANSWERS.keySerde().serializer(),
        context.serde(Topics.INCIDENT_ANSWERS).serializer(),
        INCIDENT_PROCESSOR,
        DECISION_PROCESSOR);
    addMulticast(
        topology, context, INCIDENT_SHARDS_SINK, Topics.INCIDENT_SHARDS, INCIDENT_PROCESSOR);
    addMulticast(topology, context, BARRIERS_SINK, Topics.HOLDINGS_TOPIC, INCIDENT_PROCESSOR);
    addMulticast(
        topology,
        context,
        DISPATCH_CONTROL_SINK,
        Topics.DISPATCH_CONTROL,
        INCIDENT_PROCESSOR,
        DECISION_PROCESSOR);
    return topology;
  }

  private static <V extends SpecificRecord> void addSource(
      Topology topology, StreamsContext context, String name, Topic<String, V> topic) {
    topology.addSource(
        AutoOffsetReset.earliest(),
        name,
        topic.keySerde().deserializer(),
        context.serde(topic).deserializer(),
        topic.name());
  }

  private static <V extends SpecificRecord> void addMulticast(
      Topology topology,
      StreamsContext context,
      String name,
      Topic<String, V> topic,
      String... parents) {
    topology.addSink(
        name,
        topic.name(),
        topic.keySerde().serializer(),
        context.serde(topic).serializer(),
        new PartitionMulticast<String, V>(),
        parents);
  }

  private static <V> StoreBuilder<KeyValueStore<String, V>> store(String name, Serde<V> serde) {
    return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.String(), serde);
  }
}
