package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import io.tocsin.avro.User;
import io.tocsin.schemas.topic.Topic;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.streams.StateSerde;
import io.tocsin.streams.StreamsContext;
import io.tocsin.streams.state.StoredIncident;
import io.tocsin.streams.state.StoredNotice;
import io.tocsin.streams.state.StoredTally;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * users, affected, dispatch-control and delivery-events in; commands, notices and progress out. One
 * task owns everything about a user; users pass a repartition topic first, because foreign
 * producers hash keys differently.
 */
public final class DispatcherTopology {

  /** Consumer group, and prefix of internal topics. */
  public static final String APPLICATION_ID = "tocsin-dispatcher";

  /** Users by id. */
  public static final String USERS_STORE = "users";

  /** Incidents by id. */
  public static final String INCIDENTS_STORE = "incidents";

  /** Counts of incidents by id. */
  public static final String TALLIES_STORE = "tallies";

  /** Notices by incident and user. */
  public static final String NOTICES_STORE = "notices";

  /** Keys of notices by their id. */
  public static final String NOTICE_IDS_STORE = "notice-ids";

  /** Incidents by user. */
  public static final String USER_INCIDENTS_STORE = "user-incidents";

  /** Timers by time. */
  public static final String DUE_STORE = "due";

  /** What waits for its turn. */
  public static final String READY_STORE = "ready";

  static final String USERS_SOURCE = "users-source";
  static final String USERS_CHECK = "users-check";
  static final String USERS_DEAD_LETTERS_SINK = "users-dead-letters-sink";
  static final String USERS_REPARTITION = "users-by-id";
  static final String AFFECTED_SOURCE = "affected-source";
  static final String CONTROL_SOURCE = "dispatch-control-source";
  static final String EVENTS_SOURCE = "delivery-events-source";
  static final String PROCESSOR = "dispatcher";
  static final String SEND_EMAIL_SINK = "send-email-sink";
  static final String SEND_SMS_SINK = "send-sms-sink";
  static final String NOTICES_SINK = "notices-sink";
  static final String PROGRESS_SINK = "incident-progress-sink";
  static final String DEAD_LETTERS_SINK = "dead-letters-sink";

  private DispatcherTopology() {}

  /** Builds the topology; pure. */
  public static Topology build(StreamsContext context, DispatcherSettings settings) {
    StreamsBuilder builder = new StreamsBuilder();
    KStream<String, User> published = source(builder, context, Topics.USERS_TOPIC, USERS_SOURCE);
    published
        .filter(
            (userId, user) -> UserCheck.problem(userId, user).isPresent(),
            Named.as("users-unusable"))
        .process(() -> new UserCheck(context), Named.as(USERS_CHECK));
    KStream<String, Input> users =
        published
            .filter(
                (userId, user) -> UserCheck.problem(userId, user).isEmpty(),
                Named.as("users-usable"))
            .repartition(
                Repartitioned.<String, User>as(USERS_REPARTITION)
                    .withKeySerde(Topics.USERS_TOPIC.keySerde())
                    .withValueSerde(context.serde(Topics.USERS_TOPIC))
                    .withNumberOfPartitions(settings.usersPartitions()))
            .mapValues(Input.OfUser::new, Named.as("users-input"));
    KStream<String, Input> affected =
        source(builder, context, Topics.AFFECTED, AFFECTED_SOURCE)
            .mapValues(Input.OfAffected::new, Named.as("affected-input"));
    KStream<String, Input> control =
        source(builder, context, Topics.DISPATCH_CONTROL, CONTROL_SOURCE)
            .mapValues(Input.OfControl::new, Named.as("dispatch-control-input"));
    KStream<String, Input> events =
        source(builder, context, Topics.DELIVERY_EVENTS, EVENTS_SOURCE)
            .mapValues(Input.OfDelivery::new, Named.as("delivery-events-input"));
    users
        .merge(affected, Named.as("merge-affected"))
        .merge(control, Named.as("merge-dispatch-control"))
        .merge(events, Named.as("merge-delivery-events"))
        .process(
            new Supplier(
                context, settings, new Completeness(context.meters(), InstantSource.system())),
            Named.as(PROCESSOR));
    Topology topology = builder.build();
    sink(topology, context, Topics.SEND_EMAIL, SEND_EMAIL_SINK, PROCESSOR);
    sink(topology, context, Topics.SEND_SMS, SEND_SMS_SINK, PROCESSOR);
    sink(topology, context, Topics.NOTICES, NOTICES_SINK, PROCESSOR);
    sink(topology, context, Topics.INCIDENT_PROGRESS, PROGRESS_SINK, PROCESSOR);
    sink(topology, context, Topics.DEAD_LETTERS, DEAD_LETTERS_SINK, PROCESSOR);
    sink(topology, context, Topics.DEAD_LETTERS, USERS_DEAD_LETTERS_SINK, USERS_CHECK);
    return topology;
  }

  static String sendSink(Channel channel) {
    return switch (channel) {
      case EMAIL -> SEND_EMAIL_SINK;
      case SMS -> SEND_SMS_SINK;
    };
  }

  private static <V extends SpecificRecord> KStream<String, V> source(
      StreamsBuilder builder, StreamsContext context, Topic<String, V> topic, String name) {
    return builder.stream(
        topic.name(), Consumed.with(topic.keySerde(), context.serde(topic)).withName(name));
  }

  private static <V extends SpecificRecord> void sink(
      Topology topology,
      StreamsContext context,
      Topic<String, V> topic,
      String name,
      String parent) {
    topology.addSink(
        name,
        topic.name(),
        topic.keySerde().serializer(),
        context.serde(topic).serializer(),
        parent);
  }

  private record Supplier(
      StreamsContext context, DispatcherSettings settings, Completeness completeness)
      implements ProcessorSupplier<String, Input, String, SpecificRecord> {

    @Override
    public Processor<String, Input, String, SpecificRecord> get() {
      return new DispatcherProcessor(context, settings, completeness);
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
      return stores(
          store(USERS_STORE, new StateSerde<>(User.getClassSchema())),
          store(INCIDENTS_STORE, new StateSerde<>(StoredIncident.getClassSchema())),
          // Counts change with every step: the cache makes one write per commit of them.
          store(TALLIES_STORE, new StateSerde<StoredTally>(StoredTally.getClassSchema()))
              .withCachingEnabled(),
          store(NOTICES_STORE, new StateSerde<>(StoredNotice.getClassSchema())),
          store(NOTICE_IDS_STORE, Serdes.String()),
          store(USER_INCIDENTS_STORE, Serdes.ByteArray()),
          store(DUE_STORE, Serdes.ByteArray()),
          store(READY_STORE, Serdes.ByteArray()));
    }

    /** In this order, so that the topology is described the same way every time. */
    private static Set<StoreBuilder<?>> stores(StoreBuilder<?>... builders) {
      return new LinkedHashSet<>(List.of(builders));
    }

    private static <V> StoreBuilder<KeyValueStore<String, V>> store(String name, Serde<V> serde) {
      return org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
          org.apache.kafka.streams.state.Stores.persistentKeyValueStore(name),
          Serdes.String(),
          serde);
    }
  }
}
