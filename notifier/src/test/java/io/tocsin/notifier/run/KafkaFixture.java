package io.tocsin.notifier.run;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tocsin.avro.Channel;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.NoticeTemplate;
import io.tocsin.avro.SendCommand;
import io.tocsin.broker.Broker;
import io.tocsin.broker.BrokerSettings;
import io.tocsin.notifier.Fixtures;
import io.tocsin.notifier.attempt.ProviderChannel;
import io.tocsin.notifier.text.Renderer;
import io.tocsin.notifier.text.TemplateRecords;
import io.tocsin.schemas.deadletter.DeadLetters;
import io.tocsin.schemas.serde.AvroCodec;
import io.tocsin.schemas.serde.Registry;
import io.tocsin.schemas.topic.PartitionGroup;
import io.tocsin.schemas.topic.Topic;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.schemas.topic.TopicsServed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A real broker with Tocsin's topics, a registry in this process, and what is needed to run channel
 * loops on them.
 */
public final class KafkaFixture implements AutoCloseable {

  static final int PARTITIONS = 4;

  private final Broker broker;
  private final Map<String, Object> client;
  private final Registry registry;
  private final Fixtures fixtures;
  private final AvroCodec<SendCommand> commands;
  private final AvroCodec<DeliveryEvent> events;
  private final Producer<byte[], byte[]> producer;
  private final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();
  final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

  public KafkaFixture(Path folder) throws IOException, InterruptedException, ExecutionException {
    this.broker =
        Broker.start(
            BrokerSettings.in(folder.resolve("kafka"))
                .with("group.min.session.timeout.ms", "1000"));
    this.client = Map.of("bootstrap.servers", broker.bootstrapServers());
    this.registry =
        Registry.connect(
            Map.of(
                "schema.registry.url",
                "mock://" + folder.getFileName(),
                "auto.register.schemas",
                true));
    this.fixtures = new Fixtures(folder.resolve("keys"));
    this.commands = registry.codec(SendCommand.class);
    this.events = registry.codec(DeliveryEvent.class);
    try (Admin admin = Admin.create(client)) {
      List<NewTopic> topics = new ArrayList<>();
      for (Topic<String, ?> topic : Topics.ALL) {
        topics.add(
            new NewTopic(
                topic.name(), topic.group() == PartitionGroup.USERS ? PARTITIONS : 1, (short) 1));
      }
      admin.createTopics(topics).all().get();
      TopicsServed.await(admin, topics.stream().map(NewTopic::name).toList());
    }
    Map<String, Object> transactional = new HashMap<>(client);
    transactional.put("transactional.id", "dispatcher");
    this.producer =
        new KafkaProducer<>(transactional, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactions();
  }

  public Fixtures fixtures() {
    return fixtures;
  }

  public Registry registry() {
    return registry;
  }

  public Map<String, Object> client() {
    return client;
  }

  static ChannelSettings settings(int slots) {
    return settings(slots, null);
  }

  /** The same for a notifier with a name. */
  static ChannelSettings settings(int slots, @Nullable String instanceId) {
    return new ChannelSettings(
        Channel.EMAIL,
        slots,
        0,
        Duration.ofSeconds(4),
        Duration.ofSeconds(6),
        Duration.ofSeconds(20),
        10,
        Duration.ofSeconds(1),
        PARTITIONS,
        Optional.ofNullable(instanceId));
  }

  /** Starts a loop with clients of its own. */
  ChannelLoop loop(ChannelSettings settings, ProviderChannel channel) {
    KafkaClients kafka = new KafkaClients(client);
    OutcomeWriter writer = new OutcomeWriter(kafka.outcomes(), registry);
    Renderer renderer = Fixtures.renderer();
    Clock clock = Clock.systemUTC();
    ChannelLoop loop =
        new Channels(
                kafka,
                registry,
                writer,
                (id, version) -> Optional.of(renderer),
                fixtures.keys().contactOpener(),
                new DeadLetters(fixtures.keys().deadLetterSealer(), "notifier", clock),
                clock,
                metrics)
            .start(settings, channel);
    opened.add(loop);
    opened.add(writer);
    return loop;
  }

  /** Publishes commands for users as the dispatcher does, in one transaction. */
  void publish(List<String> users) {
    producer.beginTransaction();
    for (String user : users) {
      SendCommand command =
          fixtures.command(Channel.EMAIL, user).setUsersPartition(partition(user)).build();
      send(Topics.SEND_EMAIL.name(), user, commands.encode(Topics.SEND_EMAIL.name(), command));
    }
    producer.commitTransaction();
  }

  /** Publishes one command to the topic of its channel. */
  public void publish(String user, SendCommand command) {
    String topic = Topics.send(command.getChannel()).name();
    producer.beginTransaction();
    send(topic, user, commands.encode(topic, command));
    producer.commitTransaction();
  }

  /** Publishes a notice's texts. */
  public void publish(NoticeTemplate template) {
    String topic = Topics.TEMPLATES.name();
    producer.beginTransaction();
    Future<?> _ =
        producer.send(
            new ProducerRecord<>(
                topic,
                TemplateRecords.key(template.getTemplateId(), template.getVersion())
                    .getBytes(StandardCharsets.UTF_8),
                registry.codec(NoticeTemplate.class).encode(topic, template)));
    producer.commitTransaction();
  }

  void publishRaw(String user, byte[] value) {
    producer.beginTransaction();
    send(Topics.SEND_EMAIL.name(), user, value);
    producer.commitTransaction();
  }

  void publishAborted(String user) {
    producer.beginTransaction();
    send(
        Topics.SEND_EMAIL.name(),
        user,
        commands.encode(Topics.SEND_EMAIL.name(), fixtures.command(Channel.EMAIL, user).build()));
    producer.flush();
    producer.abortTransaction();
  }

  private void send(String topic, String user, byte[] value) {
    Future<?> _ =
        producer.send(
            new ProducerRecord<>(
                topic, partition(user), user.getBytes(StandardCharsets.UTF_8), value));
  }

  static int partition(String user) {
    return Math.floorMod(user.hashCode(), PARTITIONS);
  }

  static List<String> users(String prefix, int count) {
    List<String> users = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      users.add(prefix + i);
    }
    return users;
  }

  /** Every event so far. */
  public List<DeliveryEvent> events() {
    return records(Topics.DELIVERY_EVENTS.name()).stream()
        .map(record -> events.decode(record.topic(), record.value()))
        .toList();
  }

  /** Every record of a topic so far. */
  List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            new HashMap<>(client), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(Set.copyOf(partitions));
      List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        consumer.poll(Duration.ofMillis(50)).forEach(all::add);
      }
      return all;
    }
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable resource : opened) {
      resource.close();
    }
    producer.close(Duration.ZERO);
    registry.close();
    broker.close();
  }
}
