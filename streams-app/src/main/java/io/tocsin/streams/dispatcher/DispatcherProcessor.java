package io.tocsin.streams.dispatcher;

import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.IncidentProgress;
import io.tocsin.avro.Notice;
import io.tocsin.avro.SendCommand;
import io.tocsin.schemas.deadletter.DeadLetterCode;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.streams.StreamsContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Wires a {@link PartitionDispatcher} to its partition's records, stores and sinks. */
final class DispatcherProcessor
    implements Processor<String, Input, String, SpecificRecord>, Outbox {

  private static final Duration COMPLETENESS_EVERY = Duration.ofSeconds(1);

  private final StreamsContext streams;
  private final DispatcherSettings settings;
  private final Completeness completeness;
  private final Serializer<DeliveryEvent> events;
  private @Nullable ProcessorContext<String, SpecificRecord> context;
  private @Nullable PartitionDispatcher partition;

  DispatcherProcessor(
      StreamsContext streams, DispatcherSettings settings, Completeness completeness) {
    this.streams = streams;
    this.settings = settings;
    this.completeness = completeness;
    this.events = streams.serde(Topics.DELIVERY_EVENTS).serializer();
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> ownContext) {
    context = ownContext;
    partition =
        new PartitionDispatcher(
            settings,
            streams.catalogue(),
            ownContext.taskId().partition(),
            new Stores(
                ownContext.getStateStore(DispatcherTopology.USERS_STORE),
                ownContext.getStateStore(DispatcherTopology.INCIDENTS_STORE),
                ownContext.getStateStore(DispatcherTopology.TALLIES_STORE),
                ownContext.getStateStore(DispatcherTopology.NOTICES_STORE),
                ownContext.getStateStore(DispatcherTopology.NOTICE_IDS_STORE),
                ownContext.getStateStore(DispatcherTopology.USER_INCIDENTS_STORE),
                ownContext.getStateStore(DispatcherTopology.DUE_STORE),
                ownContext.getStateStore(DispatcherTopology.READY_STORE)),
            this,
            System::nanoTime,
            ownContext.currentSystemTimeMs());
    ownContext.schedule(settings.pacing().tick(), PunctuationType.WALL_CLOCK_TIME, partition::tick);
    reportCompleteness();
    ownContext.schedule(
        COMPLETENESS_EVERY, PunctuationType.WALL_CLOCK_TIME, now -> reportCompleteness());
  }

  @Override
  public void close() {
    completeness.forget(context().taskId().partition());
  }

  private void reportCompleteness() {
    completeness.report(
        context().taskId().partition(), Objects.requireNonNull(partition).standing());
  }

  @Override
  public void process(Record<String, Input> record) {
    PartitionDispatcher dispatcher = Objects.requireNonNull(partition);
    long now = now();
    // A receipt may come without a key.
    String key = Objects.requireNonNullElse(record.key(), "");
    switch (record.value()) {
      case Input.OfUser user -> dispatcher.user(key, user.user(), now);
      case Input.OfAffected affected -> dispatcher.affected(key, affected.event(), now);
      case Input.OfControl control -> dispatcher.control(control.control(), now);
      case Input.OfDelivery delivery ->
          dispatcher
              .reported(key, delivery.event(), now)
              .ifPresent(reason -> setAside(key, delivery.event(), reason));
    }
  }

  private void setAside(String key, DeliveryEvent event, String reason) {
    context()
        .recordMetadata()
        .ifPresent(source ->
            context()
                .forward(
                    streams
                        .deadLetters()
                        .record(
                            source,
                            now(),
                            key.getBytes(StandardCharsets.UTF_8),
                            events.serialize(Topics.DELIVERY_EVENTS.name(), event),
                            DeadLetterCode.INVALID,
                            reason),
                    DispatcherTopology.DEAD_LETTERS_SINK));
  }

  @Override
  public void command(String userId, SendCommand command) {
    context()
        .forward(
            new Record<>(userId, command, now()),
            DispatcherTopology.sendSink(command.getChannel()));
  }

  @Override
  public void notice(Notice notice) {
    context()
        .forward(
            new Record<>(notice.getNoticeId(), notice, now()), DispatcherTopology.NOTICES_SINK);
  }

  @Override
  public void progress(IncidentProgress progress) {
    context()
        .forward(
            new Record<>(progress.getIncidentId() + '/' + progress.getPartition(), progress, now()),
            DispatcherTopology.PROGRESS_SINK);
  }

  private ProcessorContext<String, SpecificRecord> context() {
    return Objects.requireNonNull(context);
  }

  private long now() {
    return context().currentSystemTimeMs();
  }
}
