package io.tocsin.notifier.run;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tocsin.avro.CommandKind;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.avro.SendCommand;
import io.tocsin.notifier.attempt.Attempts;
import io.tocsin.notifier.attempt.Lease;
import io.tocsin.notifier.attempt.Outcome;
import io.tocsin.notifier.attempt.Reasons;
import io.tocsin.notifier.journal.Fate;
import io.tocsin.schemas.deadletter.DeadLetters;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bounded number of records that are worked on at a time, each on a thread of a pool: what the
 * libraries keep per thread, ciphers above all, is then made once and not for every message. A slot
 * is free again when Kafka has acknowledged what came of its record.
 */
final class Slots implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Slots.class);

  private final ChannelSettings settings;
  private final Attempts attempts;
  private final OutcomeWriter writer;
  private final DeadLetters deadLetters;
  private final Lease lease;
  private final InstantSource clock;
  private final MeterRegistry metrics;
  private final ExecutorService threads;
  private final BlockingQueue<Slot> finished;
  private volatile boolean cut;

  /**
   * Slots, all free.
   *
   * @param threads a thread for each slot; closed with the slots
   * @param finished where slots wait to be freed
   */
  Slots(
      ChannelSettings settings,
      ExecutorService threads,
      BlockingQueue<Slot> finished,
      Attempts attempts,
      OutcomeWriter writer,
      DeadLetters deadLetters,
      Lease lease,
      InstantSource clock,
      MeterRegistry metrics) {
    this.settings = settings;
    this.threads = threads;
    this.finished = finished;
    this.attempts = attempts;
    this.writer = writer;
    this.deadLetters = deadLetters;
    this.lease = lease;
    this.clock = clock;
    this.metrics = metrics;
  }

  /**
   * Makes sure that outcomes can be written.
   *
   * @throws io.tocsin.schemas.serde.RegistryException if the registry cannot be asked
   */
  void prepare() {
    writer.prepare();
  }

  /** Starts on a record whose intent is committed. */
  void start(Slot slot) {
    threads.execute(() -> work(slot));
  }

  /** Moves what has been acknowledged into {@code into}, waiting a while for the first. */
  void drainFinished(Collection<Slot> into, Duration wait) throws InterruptedException {
    Slot first = finished.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
    if (first != null) {
      into.add(first);
      finished.drainTo(into);
    }
  }

  /** Nothing that is under way leads to an outcome any more, as if the process had been killed. */
  void cut() {
    cut = true;
  }

  @Override
  public void close() {
    threads.shutdown();
  }

  private void work(Slot slot) {
    switch (slot.read()) {
      case CommandReader.Command(String userId, SendCommand command) -> {
        DeliveryEvent event = event(slot, userId, command);
        if (!cut) {
          writer.outcome(
              command.getUsersPartition(), userId, event, () -> acknowledged(slot, event));
        }
      }
      case CommandReader.Unreadable unreadable -> setAside(slot, unreadable);
    }
  }

  private DeliveryEvent event(Slot slot, String userId, SendCommand command) {
    // A question may be asked twice; an attempt may not be made twice.
    if (slot.fate() == Fate.DOUBTFUL && command.getKind() == CommandKind.SEND) {
      return attempts.doubtful(command);
    }
    Timer.Sample sample = Timer.start(metrics);
    DeliveryEvent event = attempts.perform(userId, command, () -> refusal(slot, command));
    sample.stop(
        metrics.timer(
            "tocsin.notifier.attempt",
            "channel",
            settings.word(),
            "outcome",
            event.getKind().name()));
    return event;
  }

  private Optional<Outcome> refusal(Slot slot, SendCommand command) {
    if (clock.instant().isAfter(command.getNotAfter())) {
      return Optional.of(Outcome.of(DeliveryEventKind.EXPIRED, Reasons.EXPIRED));
    }
    return cut || slot.run().isLost() || !lease.isHeld()
        ? Optional.of(Outcome.notStarted(Reasons.LEASE))
        : Optional.empty();
  }

  private void setAside(Slot slot, CommandReader.Unreadable unreadable) {
    log.atWarn()
        .addKeyValue("topic", slot.record().topic())
        .addKeyValue("partition", slot.record().partition())
        .addKeyValue("offset", slot.offset())
        .addKeyValue("code", unreadable.code().word())
        .log("A command cannot be read; it is set aside in the dead letters");
    writer.deadLetter(
        slot.record().key(),
        deadLetters.of(
            slot.record().topic(),
            slot.record().partition(),
            slot.offset(),
            slot.record().key(),
            slot.record().value(),
            unreadable.code(),
            unreadable.reason()),
        () -> {
          metrics
              .counter("tocsin.dead.letters", "part", "notifier", "code", unreadable.code().word())
              .increment();
          finished.add(slot);
        });
  }

  private void acknowledged(Slot slot, DeliveryEvent event) {
    metrics
        .counter(
            "tocsin.notifier.outcomes",
            "channel",
            settings.word(),
            "outcome",
            event.getKind().name(),
            "reason",
            event.getReason().orElse(""))
        .increment();
    finished.add(slot);
  }
}
