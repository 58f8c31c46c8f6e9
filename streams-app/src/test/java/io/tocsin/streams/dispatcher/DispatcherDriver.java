package io.tocsin.streams.dispatcher;

import io.tocsin.avro.AffectedEvent;
import io.tocsin.avro.DeadLetter;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.avro.DispatchControl;
import io.tocsin.avro.IncidentProgress;
import io.tocsin.avro.Notice;
import io.tocsin.avro.SendCommand;
import io.tocsin.avro.User;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.topic.Topic;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.streams.StreamsContext;
import io.tocsin.streams.TestStreams;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;

/** The dispatcher's topology with one partition, its inputs and outputs. */
final class DispatcherDriver implements AutoCloseable {

  private static final Duration TICK = Duration.ofMillis(50);

  final List<SendCommand> commands = new ArrayList<>();
  final List<Notice> notices = new ArrayList<>();
  private final Map<String, IncidentProgress> progress = new HashMap<>();
  final List<IncidentProgress> reports = new ArrayList<>();
  private final TopologyTestDriver driver;
  private final StreamsContext context;
  private final TestInputTopic<String, User> users;
  private final TestInputTopic<String, AffectedEvent> affected;
  private final TestInputTopic<String, DispatchControl> control;
  private final TestInputTopic<String, DeliveryEvent> events;
  private final TestOutputTopic<String, SendCommand> emails;
  private final TestOutputTopic<String, SendCommand> sms;
  private final TestOutputTopic<String, Notice> transitions;
  private final TestOutputTopic<String, IncidentProgress> progresses;
  private final TestOutputTopic<String, DeadLetter> deadLetters;
  private Instant now = Instant.ofEpochMilli(Samples.START);

  DispatcherDriver(Path folder, Map<String, String> options) throws IOException {
    Map<String, String> all = new HashMap<>(options);
    all.put(CommonKeys.USERS_PARTITIONS, "1");
    // Only the records touched shall bound a tick, not this machine's speed.
    all.put(DispatcherSettings.TICK_BUDGET, "60000");
    context = TestStreams.context(DispatcherPart.NAME, folder, all);
    driver =
        TestStreams.driver(
            context,
            DispatcherTopology.build(context, DispatcherSettings.from(context.config())),
            now);
    users = input(Topics.USERS_TOPIC);
    affected = input(Topics.AFFECTED);
    control = input(Topics.DISPATCH_CONTROL);
    events = input(Topics.DELIVERY_EVENTS);
    emails = output(Topics.SEND_EMAIL);
    sms = output(Topics.SEND_SMS);
    transitions = output(Topics.NOTICES);
    progresses = output(Topics.INCIDENT_PROGRESS);
    deadLetters = output(Topics.DEAD_LETTERS);
  }

  private <V extends SpecificRecord> TestInputTopic<String, V> input(Topic<String, V> topic) {
    return driver.createInputTopic(
        topic.name(), new StringSerializer(), context.serde(topic).serializer());
  }

  private <V extends SpecificRecord> TestOutputTopic<String, V> output(Topic<String, V> topic) {
    return driver.createOutputTopic(
        topic.name(), new StringDeserializer(), context.serde(topic).deserializer());
  }

  DispatcherDriver user(String id, User user) {
    users.pipeInput(id, user);
    return this;
  }

  DispatcherDriver gone(String id) {
    users.pipeInput(id, (User) null);
    return this;
  }

  DispatcherDriver affected(String userId, AffectedEvent event) {
    affected.pipeInput(userId, event);
    return this;
  }

  DispatcherDriver control(DispatchControl record) {
    control.pipeInput("key", record);
    return this;
  }

  DispatcherDriver event(String key, DeliveryEvent event) {
    events.pipeInput(key, event);
    return this;
  }

  /** An accepted version with one shard that names these users, and its end marker. */
  DispatcherDriver identified(String incidentId, int version, String... userIds) {
    control(Samples.accepted(incidentId, version, 1, true, 0));
    for (String userId : userIds) {
      affected(userId, Samples.affected(incidentId, version, Samples.DATASET, "email"));
    }
    return affected(incidentId, Samples.marker(incidentId, version, "0"));
  }

  /** Lets time pass. */
  DispatcherDriver pass(Duration time) {
    Instant until = now.plus(time);
    boolean fine = time.toMillis() <= 10_000;
    Duration step = fine ? TICK : time.dividedBy(200);
    while (now.isBefore(until)) {
      driver.advanceWallClockTime(step);
      now = now.plus(step);
    }
    return read();
  }

  DispatcherDriver tick() {
    return pass(TICK.multipliedBy(10));
  }

  /** What a gauge of the part shows. */
  double gauge(String name) {
    return context.meters().get(name).gauge().value();
  }

  private DispatcherDriver read() {
    commands.addAll(emails.readValuesToList());
    commands.addAll(sms.readValuesToList());
    notices.addAll(transitions.readValuesToList());
    progresses
        .readValuesToList()
        .forEach(each -> {
          reports.add(each);
          progress.put(each.getIncidentId(), each);
        });
    return this;
  }

  /** The last that was said of an incident. */
  IncidentProgress progress(String incidentId) {
    return Objects.requireNonNull(progress.get(incidentId), incidentId);
  }

  long now() {
    return now.toEpochMilli();
  }

  /**
   * Answers commands that have not been answered yet, as soon as they come, until there are no
   * more.
   */
  DispatcherDriver answer(DeliveryEventKind kind) {
    tick();
    while (!commands.isEmpty()) {
      List<SendCommand> some = List.copyOf(commands);
      commands.clear();
      some.forEach(each -> answer(each, kind));
      tick();
    }
    return this;
  }

  DispatcherDriver answer(SendCommand command, DeliveryEventKind kind) {
    return event(userOf(command), Samples.outcome(command, kind, now()));
  }

  String userOf(SendCommand command) {
    return notices.stream()
        .filter(notice -> notice.getNoticeId().equals(command.getNoticeId()))
        .findFirst()
        .orElseThrow()
        .getUserId();
  }

  /** Users that commands went out for, since they were last answered. */
  List<String> addressed() {
    read();
    return commands.stream().map(this::userOf).distinct().sorted().toList();
  }

  Stream<Notice> of(String userId) {
    return notices.stream().filter(notice -> notice.getUserId().equals(userId));
  }

  Notice last(String userId) {
    return of(userId).toList().getLast();
  }

  List<DeadLetter> deadLetters() {
    return deadLetters.readValuesToList();
  }

  @Override
  public void close() {
    driver.close();
  }
}
