package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import io.tocsin.avro.CommandKind;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.avro.DeliveryState;
import io.tocsin.avro.SealedContact;
import io.tocsin.streams.dispatcher.ChannelDelivery.Attempt;
import io.tocsin.streams.dispatcher.ChannelDelivery.Doubts;
import io.tocsin.streams.dispatcher.ChannelDelivery.Said;
import io.tocsin.streams.dispatcher.ChannelDelivery.Tries;
import java.time.Instant;
import java.util.Objects;

/**
 * The life of one delivery (the diagram of design.md section 6).
 *
 * <p>Only the outcome of the attempt and issue under way moves it; a proof that any attempt got
 * through always does; a late "was not tried" or "was refused" takes back what was marked as a
 * possible duplicate because of that attempt.
 */
final class DeliveryMachine {

  private final SendPolicy policy;

  DeliveryMachine(SendPolicy policy) {
    this.policy = policy;
  }

  /** Issues the next attempt. */
  void issue(Turn turn, int edition, ChannelDelivery before, SealedContact contact) {
    ChannelDelivery delivery = before;
    if (before.attempt().fingerprint() != null
        && !before.attempt().fingerprint().equals(contact.getFingerprint())) {
      delivery = before.with(Tries.anew(before.attempt().number()));
    }
    long now = turn.now();
    long notAfter = now + policy.commandTtl().toMillis();
    int number = delivery.attempt().number() + 1;
    int issue = delivery.attempt().issue();
    ChannelDelivery sending =
        delivery
            .to(DeliveryState.SENDING)
            .with(new Attempt(number, issue, now, notAfter, contact, contact.getFingerprint()))
            .with(delivery.tries().issued(now))
            .with(delivery.doubts().issued(number))
            .with(delivery.said().because(null))
            .due(Math.max(policy.overAt(notAfter), now + policy.silence().toMillis()));
    turn.move(edition, sending, "issued");
    turn.command(edition, sending, CommandKind.SEND, issue, notAfter, 0);
  }

  /** Takes an outcome or a receipt. */
  void reported(Turn turn, int edition, ChannelDelivery delivery, DeliveryEvent event) {
    switch (event.getKind()) {
      case ACCEPTED, FOUND -> proven(turn, edition, delivery, event, DeliveryState.ACCEPTED);
      case RECEIPT_DELIVERED -> proven(turn, edition, delivery, event, DeliveryState.DELIVERED);
      case RECEIPT_BOUNCED, RECEIPT_UNDELIVERED -> returned(turn, edition, delivery, event);
      case NOT_FOUND, UNAVAILABLE -> answered(turn, edition, delivery, event);
      case REJECTED_TRANSIENT, REJECTED_PERMANENT, UNKNOWN, EXPIRED, NOT_STARTED, CHANNEL_FAULT -> {
        if (isAbout(delivery, event)) {
          outcome(turn, edition, delivery, event);
        } else if (event.getKind() != DeliveryEventKind.UNKNOWN && isLate(delivery, event)) {
          late(turn, edition, delivery, event);
        } else {
          answered(turn, edition, delivery, event);
        }
      }
    }
  }

  /** What was due is due now, unless the timer fired early. */
  void timeUp(Turn turn, int edition, ChannelDelivery delivery) {
    if (delivery.dueAt() == 0 || delivery.dueAt() > turn.now()) {
      return;
    }
    switch (delivery.state()) {
      case PLANNED, RETRYING -> {
        turn.put(edition, delivery.due(0));
        turn.ready(delivery.channel());
      }
      case SENDING -> unknown(turn, edition, delivery.with(delivery.said().because("silent")));
      case UNKNOWN -> {
        if (delivery.channel() == Channel.SMS) {
          ask(turn, edition, delivery);
        } else {
          resend(turn, edition, delivery);
        }
      }
      case RECONCILING -> ask(turn, edition, delivery);
      case ACCEPTED -> turn.move(edition, delivery.to(DeliveryState.UNCONFIRMED), "unconfirmed");
      case DELIVERED, BOUNCED, UNCONFIRMED, UNREACHABLE, CANCELLED, NOT_NEEDED ->
          turn.put(edition, delivery.due(0));
    }
  }

  /** Stops it if it has not started. */
  void close(Turn turn, int edition, ChannelDelivery delivery, Closure closure) {
    if (delivery.waiting()) {
      turn.move(
          edition,
          delivery.to(closure.state()).with(delivery.said().because(closure.reason())),
          closure.word());
    }
  }

  /** Nothing can be sent on this channel. */
  void unreachable(Turn turn, int edition, ChannelDelivery delivery, String reason) {
    turn.move(
        edition,
        delivery
            .to(DeliveryState.UNREACHABLE)
            .with(delivery.attempt().over())
            .with(delivery.said().because(reason)),
        "unreachable");
  }

  /** Gives a channel that failed, or was stopped unstarted, another chance. */
  void reopen(Turn turn, int edition, ChannelDelivery delivery) {
    turn.move(
        edition,
        delivery
            .to(DeliveryState.PLANNED)
            .with(Tries.anew(delivery.attempt().number()))
            .with(delivery.said().because(null)),
        "reopened");
  }

  /** Whether the event is the outcome of the attempt and issue under way. */
  private static boolean isAbout(ChannelDelivery delivery, DeliveryEvent event) {
    return delivery.underWay()
        && event.getAttempt() == delivery.attempt().number()
        && event.getIssue() == delivery.attempt().issue();
  }

  /**
   * Whether the event is about an attempt that was given up as UNKNOWN, or that another one's proof
   * overtook.
   */
  private static boolean isLate(ChannelDelivery delivery, DeliveryEvent event) {
    return delivery.doubts().isOpen(event.getAttempt(), event.getIssue())
        || (delivery.gotThrough()
            && event.getAttempt() == delivery.attempt().number()
            && event.getIssue() == delivery.attempt().issue()
            && delivery.doubts().proven() != event.getAttempt());
  }

  private void outcome(Turn turn, int edition, ChannelDelivery before, DeliveryEvent event) {
    if (event.getKind() == DeliveryEventKind.UNKNOWN) {
      if (before.state() == DeliveryState.SENDING) {
        unknown(turn, edition, before.with(said(before, event)));
      }
      return;
    }
    int number = before.attempt().number();
    ChannelDelivery delivery =
        before.with(before.doubts().cleared(number)).with(said(before, event));
    switch (event.getKind()) {
      case REJECTED_TRANSIENT -> retry(turn, edition, delivery, event);
      case REJECTED_PERMANENT ->
          unreachable(
              turn,
              edition,
              delivery.with(delivery.attempt().over()),
              event.getReason().orElse("rejected"));
      case EXPIRED -> reissue(turn, edition, delivery, event, 0, "expired");
      case NOT_STARTED -> reissue(turn, edition, delivery, event, 0, "not-started");
      case CHANNEL_FAULT ->
          reissue(turn, edition, delivery, event, delivery.tries().faults() + 1, "channel-fault");
      default -> throw new IllegalArgumentException("Not an outcome: " + event.getKind());
    }
  }

  private void retry(Turn turn, int edition, ChannelDelivery delivery, DeliveryEvent event) {
    Tries tries = delivery.tries().rejected();
    String seed = turn.edition(edition).noticeId() + delivery.channel();
    long now = turn.now();
    long due =
        now + Backoff.spread(policy.retryFirst(), policy.retryMax(), tries.rejections(), seed);
    long asked = asked(event, now + policy.retryMax().toMillis());
    again(turn, edition, delivery.with(tries), Math.max(due, asked));
  }

  /** The next attempt is made then, unless that is past the deadline. */
  private void again(Turn turn, int edition, ChannelDelivery delivery, long at) {
    if (at > delivery.tries().firstIssuedAt() + policy.deadline().toMillis()) {
      unreachable(turn, edition, delivery, "deadline");
      return;
    }
    turn.move(
        edition,
        delivery.to(DeliveryState.RETRYING).with(delivery.attempt().made()).due(at),
        "retrying");
  }

  /**
   * The attempt was not tried: it stays the same attempt, and is issued again after a short pause,
   * or when the notifier asks for it.
   */
  private void reissue(
      Turn turn,
      int edition,
      ChannelDelivery delivery,
      DeliveryEvent event,
      int faults,
      String word) {
    Attempt attempt = delivery.attempt().notMade(delivery.tries().asks());
    long pause = Backoff.pause(policy.reissueFirst(), policy.reissueMax(), Math.max(1, faults));
    turn.move(
        edition,
        delivery
            .to(attempt.number() == 0 ? DeliveryState.PLANNED : DeliveryState.RETRYING)
            .with(attempt)
            .with(delivery.tries().faulted(faults))
            .with(delivery.doubts().unmarked(attempt.number() + 1))
            .due(
                Math.max(
                    turn.now() + pause, asked(event, turn.now() + policy.reissueMax().toMillis()))),
        word);
  }

  /** From when on the event asks for another try, in epoch ms, but at most so late. */
  private static long asked(DeliveryEvent event, long latest) {
    return Math.min(event.getRetryAfter().map(Instant::toEpochMilli).orElse(0L), latest);
  }

  private void unknown(Turn turn, int edition, ChannelDelivery delivery) {
    Attempt attempt = delivery.attempt();
    turn.move(
        edition,
        delivery
            .to(DeliveryState.UNKNOWN)
            .with(delivery.doubts().open(attempt.number(), attempt.issue()))
            .due(Math.max(turn.now(), policy.overAt(attempt.notAfter()))),
        "unknown");
  }

  /**
   * Asks the provider. Questions continue the attempt's issues, so that their answers can be told
   * from its outcomes.
   */
  private void ask(Turn turn, int edition, ChannelDelivery delivery) {
    long now = turn.now();
    Tries tries = delivery.tries().asked(now);
    ChannelDelivery asking =
        delivery
            .to(DeliveryState.RECONCILING)
            .with(tries)
            .due(now + Math.max(policy.silence().toMillis(), policy.commandTtl().toMillis()));
    turn.move(edition, asking, "reconciling");
    turn.command(
        edition,
        asking,
        CommandKind.RECONCILE,
        asking.attempt().issue() + tries.asks(),
        now + policy.commandTtl().toMillis(),
        asking.attempt().issuedAt());
  }

  /**
   * Takes the answer to a question; anything but NOT_FOUND says that the provider could not be
   * asked.
   */
  private void answered(Turn turn, int edition, ChannelDelivery delivery, DeliveryEvent event) {
    Attempt attempt = delivery.attempt();
    boolean toTheLastQuestion =
        delivery.state() == DeliveryState.RECONCILING
            && event.getAttempt() == attempt.number()
            && event.getIssue() == attempt.issue() + delivery.tries().asks();
    if (!toTheLastQuestion) {
      return;
    }
    long now = turn.now();
    ChannelDelivery heard = delivery.with(said(delivery, event));
    long trustworthyAt = attempt.notAfter() + policy.reconcileWindow().toMillis();
    boolean notFound = event.getKind() == DeliveryEventKind.NOT_FOUND;
    boolean outOfTime = now >= delivery.tries().askedSince() + policy.reconcileMax().toMillis();
    if (notFound ? event.getAt().toEpochMilli() >= trustworthyAt : outOfTime) {
      resend(turn, edition, heard);
      return;
    }
    long again = now + Backoff.pause(policy.askFirst(), policy.askMax(), delivery.tries().asks());
    turn.move(
        edition,
        heard.to(DeliveryState.UNKNOWN).due(notFound ? Math.max(again, trustworthyAt) : again),
        "unanswered");
  }

  /**
   * Tries again although the attempt may have got through; the next one is marked when it is
   * issued.
   */
  private void resend(Turn turn, int edition, ChannelDelivery delivery) {
    if (turn.now() > delivery.tries().firstIssuedAt() + policy.deadline().toMillis()) {
      unreachable(turn, edition, delivery, "deadline");
      return;
    }
    turn.move(
        edition, delivery.to(DeliveryState.RETRYING).with(delivery.attempt().made()), "retrying");
    turn.ready(delivery.channel());
  }

  /** Some attempt got through, whatever we believed. */
  private void proven(
      Turn turn, int edition, ChannelDelivery delivery, DeliveryEvent event, DeliveryState state) {
    int number = event.getAttempt();
    Attempt attempt = delivery.attempt();
    boolean fits =
        number >= 1
            && number <= delivery.highestIssued()
            && (number != attempt.number()
                || !delivery.underWay()
                || event.getIssue() <= attempt.issue() + delivery.tries().asks());
    if (!fits || delivery.doubts().returned().contains(number)) {
      return;
    }
    boolean further =
        state == DeliveryState.DELIVERED
            ? delivery.state() != DeliveryState.DELIVERED
            : !delivery.gotThrough();
    if (!further) {
      return;
    }
    Doubts doubts = delivery.doubts().proven(number);
    if (number == attempt.number()) {
      doubts = doubts.cleared(number);
    }
    ChannelDelivery taken =
        delivery
            .to(state)
            .with(attempt.over(number))
            .with(doubts)
            .with(said(delivery, event).because(null));
    boolean awaitsReceipt = state == DeliveryState.ACCEPTED && delivery.channel() == Channel.SMS;
    turn.move(
        edition,
        awaitsReceipt ? taken.due(turn.now() + policy.receiptWindow().toMillis()) : taken,
        state == DeliveryState.ACCEPTED ? "accepted" : "delivered");
  }

  /** A receipt says that an attempt came back. */
  private void returned(Turn turn, int edition, ChannelDelivery before, DeliveryEvent event) {
    int number = event.getAttempt();
    if (number < 1
        || number > before.attempt().number()
        || before.state() == DeliveryState.DELIVERED
        || before.doubts().returned().contains(number)) {
      return;
    }
    ChannelDelivery delivery = before.with(before.doubts().returned(number));
    boolean last =
        switch (before.state()) {
          case ACCEPTED, UNCONFIRMED -> number == before.doubts().proven();
          case SENDING, UNKNOWN, RECONCILING -> number == before.attempt().number();
          case PLANNED, RETRYING -> number > before.tries().before();
          case DELIVERED, BOUNCED, UNREACHABLE, CANCELLED, NOT_NEEDED -> false;
        };
    if (!last) {
      put(turn, edition, before, delivery);
      return;
    }
    boolean forNow =
        event.getRetryAfter().isPresent()
            && delivery.doubts().returned().size() <= policy.returnedMax();
    if (forNow && before.waiting()) {
      put(turn, edition, before, delivery);
      return;
    }
    boolean bounced = event.getKind() == DeliveryEventKind.RECEIPT_BOUNCED;
    String word = bounced ? "bounced" : "undelivered";
    ChannelDelivery back =
        delivery
            .to(DeliveryState.BOUNCED)
            .with(delivery.attempt().over())
            .with(said(delivery, event));
    turn.move(edition, back, word);
    if (forNow) {
      again(turn, edition, back, turn.now() + policy.returnedPause().toMillis());
    } else {
      unreachable(turn, edition, back, word);
    }
  }

  /** An attempt that was given up, or overtaken, turns out not to have got through. */
  private void late(Turn turn, int edition, ChannelDelivery before, DeliveryEvent event) {
    Doubts doubts = before.doubts().cleared(event.getAttempt());
    put(turn, edition, before, before.with(doubts.unmarked(overtaken(before, event))));
  }

  /**
   * The attempt whose mark a late outcome takes back directly: one that was itself marked, and did
   * not get through.
   */
  private static int overtaken(ChannelDelivery delivery, DeliveryEvent event) {
    return event.getAttempt() == delivery.attempt().number() && delivery.gotThrough()
        ? event.getAttempt()
        : 0;
  }

  /** Stores what changed; says so only if the list of possible duplicates did. */
  private static void put(Turn turn, int edition, ChannelDelivery before, ChannelDelivery after) {
    if (after.doubts().marked().equals(before.doubts().marked())) {
      turn.put(edition, after);
    } else {
      turn.move(edition, after, "no-duplicate");
    }
  }

  private static Said said(ChannelDelivery delivery, DeliveryEvent event) {
    Said before = delivery.said();
    return new Said(
        event.getProviderId().orElse(before.providerId()),
        event.getProviderCode().orElse(before.providerCode()),
        event.getReason().orElse(null));
  }

  static boolean sameContact(ChannelDelivery delivery, SealedContact contact) {
    return Objects.equals(delivery.attempt().fingerprint(), contact.getFingerprint());
  }
}
