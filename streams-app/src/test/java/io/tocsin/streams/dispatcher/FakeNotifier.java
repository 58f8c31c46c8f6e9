package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import io.tocsin.avro.CommandKind;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.avro.SendCommand;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * A notifier whose answers are chance, but never lies: what it calls not tried was not tried. It
 * knows what really went out. Contacts named {@code refused-*} are refused, {@code bounce-*} come
 * back, {@code slow-*} are refused for now half of the time.
 */
final class FakeNotifier {

  /**
   * A message that really went out.
   *
   * @param attempt the attempt
   * @param returned whether it comes back
   */
  record Sent(int attempt, boolean returned) {}

  final Map<String, List<Sent>> sent = new HashMap<>();
  final Map<String, Set<Integer>> doubtful = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private final Random random;
  private final BiConsumer<Long, DeliveryEvent> later;

  /**
   * Makes one.
   *
   * @param later takes an event, and after how many ms it arrives
   */
  FakeNotifier(Random random, BiConsumer<Long, DeliveryEvent> later) {
    this.random = random;
    this.later = later;
  }

  /** Works on a command. */
  void work(SendCommand command, long now) {
    String id =
        command.getDeliveryId()
            + '.'
            + command.getAttempt()
            + '.'
            + command.getIssue()
            + command.getKind();
    if (!seen.add(id)) {
      throw new AssertionError("Issued twice: " + id);
    }
    if (command.getKind() == CommandKind.RECONCILE) {
      answer(command, now);
    } else if (now > command.getNotAfter().toEpochMilli()) {
      say(command, DeliveryEventKind.EXPIRED, now);
    } else {
      attempt(command, now);
    }
  }

  private void answer(SendCommand command, long now) {
    boolean found =
        sent.getOrDefault(command.getDeliveryId(), List.of()).stream()
            .anyMatch(each -> each.attempt() == command.getAttempt());
    int dice = random.nextInt(10);
    say(
        command,
        switch (dice) {
          case 0, 1 -> DeliveryEventKind.UNAVAILABLE;
          case 2 -> DeliveryEventKind.UNKNOWN;
          case 3 -> DeliveryEventKind.EXPIRED;
          default -> found ? DeliveryEventKind.FOUND : DeliveryEventKind.NOT_FOUND;
        },
        now);
  }

  private void attempt(SendCommand command, long now) {
    String contact =
        StandardCharsets.UTF_8
            .decode(command.getContact().getCiphertext().duplicate())
            .toString()
            .substring("sealed ".length());
    int dice = random.nextInt(100);
    if (dice < 5) {
      say(command, DeliveryEventKind.NOT_STARTED, now);
    } else if (dice < 10) {
      say(command, DeliveryEventKind.CHANNEL_FAULT, now);
    } else if (dice < 15) {
      say(command, DeliveryEventKind.EXPIRED, now);
    } else if (dice < 30) {
      // A crash, a time-out, a swallowed answer.
      doubtful
          .computeIfAbsent(command.getDeliveryId(), id -> new HashSet<>())
          .add(command.getAttempt());
      if (random.nextBoolean() && !contact.startsWith("refused")) {
        send(command, contact, now);
      }
      if (random.nextInt(4) > 0) {
        say(command, DeliveryEventKind.UNKNOWN, now);
      }
    } else if (contact.startsWith("refused")) {
      say(command, DeliveryEventKind.REJECTED_PERMANENT, now);
    } else if (contact.startsWith("slow") && dice < 65) {
      say(command, DeliveryEventKind.REJECTED_TRANSIENT, now);
    } else {
      send(command, contact, now);
      say(command, DeliveryEventKind.ACCEPTED, now);
    }
  }

  private void send(SendCommand command, String contact, long now) {
    boolean returned = contact.startsWith("bounce");
    sent.computeIfAbsent(command.getDeliveryId(), id -> new ArrayList<>())
        .add(new Sent(command.getAttempt(), returned));
    if (returned || random.nextInt(3) > 0) {
      DeliveryEventKind kind =
          !returned
              ? DeliveryEventKind.RECEIPT_DELIVERED
              : command.getChannel() == Channel.EMAIL
                  ? DeliveryEventKind.RECEIPT_BOUNCED
                  : DeliveryEventKind.RECEIPT_UNDELIVERED;
      DeliveryEvent receipt = Samples.receipt(command, kind, now);
      repeat(
          returned && random.nextInt(3) == 0
              ? DeliveryEvent.newBuilder(receipt).setRetryAfter(receipt.getAt()).build()
              : receipt);
    }
  }

  private void say(SendCommand command, DeliveryEventKind kind, long now) {
    repeat(Samples.outcome(command, kind, now));
  }

  /**
   * Events arrive late, repeated, and in any order; a few so late that nobody waits for them any
   * more.
   */
  private void repeat(DeliveryEvent event) {
    for (int i = random.nextInt(3); i >= 0; i--) {
      long delay = random.nextInt(20) == 0 ? random.nextInt(2_000_000) : random.nextInt(3_000);
      later.accept(delay, event);
    }
    if (event.getKind() == DeliveryEventKind.ACCEPTED) {
      doubtIfLate(event);
    }
  }

  private void doubtIfLate(DeliveryEvent event) {
    doubtful
        .computeIfAbsent(event.getDeliveryId() + "?", id -> new HashSet<>())
        .add(event.getAttempt());
  }
}
