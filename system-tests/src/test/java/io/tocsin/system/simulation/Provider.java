package io.tocsin.system.simulation;

import io.tocsin.avro.Channel;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.avro.SendCommand;
import io.tocsin.notifier.attempt.Outcome;
import io.tocsin.notifier.attempt.ProviderChannel;
import io.tocsin.notifier.attempt.Reasons;
import io.tocsin.notifier.attempt.StartGate;
import io.tocsin.notifier.text.Renderer;
import io.tocsin.schemas.contact.Contact;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A provider, and what it really took. The one for e-mail cannot be asked about a message; the one
 * for SMS can, but lists a message only after a while.
 */
final class Provider {

  /**
   * A message it took.
   *
   * @param startedAt when the notifier's gate let it through
   * @param takenAt when the provider took it
   * @param listedAt when the provider shows it if asked
   * @param returned whether it comes back
   */
  record Message(
      SendCommand command, long startedAt, long takenAt, long listedAt, boolean returned) {

    int attempt() {
      return command.getAttempt();
    }

    /** Whether the process stood still between gate and first byte: no clock can help. */
    boolean defeatedClocks() {
      return takenAt > startedAt + Scenario.CALL_MAX;
    }
  }

  private final World world;
  private final Kafka kafka;
  private final Bug bug;
  private final Channel channel;
  private final Map<String, List<Message>> messages = new HashMap<>();

  Provider(World world, Kafka kafka, Bug bug, Channel channel) {
    this.world = world;
    this.kafka = kafka;
    this.bug = bug;
    this.channel = channel;
  }

  /** What was taken for each delivery, in order. */
  Map<String, List<Message>> messages() {
    return messages;
  }

  /** The provider as a process reaches it. */
  ProviderChannel of(NotifierProcess process) {
    return new ProviderChannel() {
      @Override
      public String provider() {
        return channel == Channel.EMAIL ? "smtp" : "twilio";
      }

      @Override
      public Prepared prepare(SendCommand command, Contact contact, Renderer texts) {
        return new Prepared() {
          @Override
          public String renderedHash() {
            return "hash";
          }

          @Override
          public Outcome send(StartGate gate) {
            process.mayDie();
            Optional<Outcome> refusal = gate.refusal();
            if (refusal.isPresent()) {
              return refusal.get();
            }
            process.mayDie();
            return attempt(process, command, People.kind(contact));
          }
        };
      }

      @Override
      public Outcome reconcile(SendCommand command, Contact contact) {
        process.mayDie();
        return search(process, command);
      }

      @Override
      public void close() {}
    };
  }

  private Outcome attempt(NotifierProcess process, SendCommand command, People.Kind kind) {
    // Slow often enough for somebody to die meanwhile, and for another to take over.
    long takes = world.below(world.oneIn(4) ? Scenario.CALL_MAX - 100 : 300);
    process.callTakes(takes + world.below(100));
    int dice = world.below(100);
    if (dice < 3) {
      return later(Outcome.notStarted(Reasons.UNREACHABLE));
    } else if (dice < 6) {
      return later(Outcome.channelFault(Reasons.AUTHENTICATION));
    } else if (dice < 20) {
      if (world.oneIn(2) && kind != People.Kind.REFUSED) {
        take(process, command, kind, takes);
      }
      process.callTakes(Scenario.CALL_MAX);
      return Outcome.unknown(Reasons.NO_ANSWER);
    } else if (dice < 24 || (kind == People.Kind.SLOW && dice < 60)) {
      return later(Outcome.of(DeliveryEventKind.REJECTED_TRANSIENT, Reasons.REFUSED));
    } else if (kind == People.Kind.REFUSED) {
      return Outcome.of(DeliveryEventKind.REJECTED_PERMANENT, Reasons.REFUSED);
    }
    take(process, command, kind, takes);
    return bug == Bug.EXPIRED_AFTER_START && world.oneIn(8)
        ? Outcome.of(DeliveryEventKind.EXPIRED, Reasons.EXPIRED)
        : Outcome.accepted("id-" + command.getAttempt(), null);
  }

  private Outcome later(Outcome outcome) {
    return world.oneIn(2)
        ? outcome.withRetryAfter(Instant.ofEpochMilli(world.now() + world.below(60_000)))
        : outcome;
  }

  private void take(NotifierProcess process, SendCommand command, People.Kind kind, long takes) {
    long startedAt = world.now();
    if (world.oneIn(2)) {
      // All bytes are out: it is taken whatever becomes of the process.
      world.in(takes, () -> taken(command, kind, startedAt));
    } else {
      process.later(takes, () -> taken(command, kind, startedAt));
    }
  }

  private void taken(SendCommand command, People.Kind kind, long startedAt) {
    boolean returned = kind == People.Kind.BOUNCED;
    messages
        .computeIfAbsent(command.getDeliveryId(), id -> new ArrayList<>())
        .add(
            new Message(
                command,
                startedAt,
                world.now(),
                world.now() + world.late(1_000, Scenario.LISTED_AFTER),
                returned));
    if (returned) {
      receipt(
          command,
          channel == Channel.EMAIL
              ? DeliveryEventKind.RECEIPT_BOUNCED
              : DeliveryEventKind.RECEIPT_UNDELIVERED);
    } else if (channel == Channel.SMS && !world.oneIn(3)) {
      receipt(command, DeliveryEventKind.RECEIPT_DELIVERED);
    }
  }

  /** Receipts come early, late, more than once and in any order. */
  private void receipt(SendCommand command, DeliveryEventKind kind) {
    DeliveryEvent event =
        DeliveryEvent.newBuilder()
            .setKind(kind)
            .setDeliveryId(command.getDeliveryId())
            .setIncidentId("")
            .setChannel(channel)
            .setAttempt(command.getAttempt())
            .setProvider("simulated")
            .setAt(Instant.ofEpochMilli(world.now()))
            .build();
    for (int i = world.below(3); i >= 0; i--) {
      world.in(
          world.late(3_000, 3_000_000),
          () -> kafka.event(command.getUsersPartition(), command.getDeliveryId(), event));
    }
  }

  private Outcome search(NotifierProcess process, SendCommand command) {
    process.callTakes(world.late(300, 20_000));
    if (channel == Channel.EMAIL) {
      return Outcome.of(DeliveryEventKind.UNAVAILABLE, Reasons.NOTHING_TO_ASK);
    }
    if (world.oneIn(6)) {
      return Outcome.of(DeliveryEventKind.UNAVAILABLE, Reasons.NO_ANSWER);
    }
    long since = command.getAttemptedAt().orElse(Instant.EPOCH).toEpochMilli() - 60_000;
    boolean found =
        messages.getOrDefault(command.getDeliveryId(), List.of()).stream()
            .anyMatch(each -> each.takenAt() >= since && each.listedAt() <= world.now());
    return found
        ? Outcome.of(DeliveryEventKind.FOUND, Reasons.FOUND)
        : Outcome.of(DeliveryEventKind.NOT_FOUND, Reasons.NOT_FOUND);
  }
}
