package io.tocsin.notifier.attempt;

import io.tocsin.avro.CommandKind;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.avro.SendCommand;
import io.tocsin.notifier.text.Renderer;
import io.tocsin.schemas.contact.Contact;
import io.tocsin.schemas.seal.ContactOpener;
import io.tocsin.schemas.seal.UnopenableContactException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the commands of one channel. Thread-safe.
 *
 * <p>What can never be sent ends at once, and is seen: a contact that cannot be opened, or texts
 * that cannot be rendered for this person, are REJECTED_PERMANENT, which puts the person on the
 * substitute-notice list. What may be sent later is NOT_STARTED or CHANNEL_FAULT, neither of which
 * consumes an attempt.
 */
public final class Attempts {

  private static final Logger log = LoggerFactory.getLogger(Attempts.class);

  private static final String SELF = "notifier";

  /** How long a command whose texts are not there yet should wait before it is issued again. */
  private static final Duration TEMPLATE_WAIT = Duration.ofSeconds(10);

  private final ProviderChannel channel;
  private final ContactOpener contacts;
  private final Texts texts;
  private final Breakers breakers;
  private final InstantSource clock;

  /** Attempts of one channel. */
  public Attempts(
      ProviderChannel channel,
      ContactOpener contacts,
      Texts texts,
      Breakers breakers,
      InstantSource clock) {
    this.channel = channel;
    this.contacts = contacts;
    this.texts = texts;
    this.breakers = breakers;
    this.clock = clock;
  }

  /**
   * Carries out a command. Never throws: every end is an event.
   *
   * @param userId whose contact it is
   * @param gate asked immediately before the first byte goes out
   */
  public DeliveryEvent perform(String userId, SendCommand command, StartGate gate) {
    Call call = new Call(userId, command, gate);
    Outcome outcome;
    try {
      outcome = command.getKind() == CommandKind.RECONCILE ? call.reconcile() : call.send();
    } catch (RuntimeException e) {
      // No message in the log: a library's words may quote an address.
      log.atError()
          .addKeyValue("deliveryId", command.getDeliveryId())
          .addKeyValue("attempt", command.getAttempt())
          .addKeyValue("error", e.getClass().getName())
          .addKeyValue("at", e.getStackTrace().length == 0 ? "" : e.getStackTrace()[0].toString())
          .log("An attempt failed inside the notifier");
      outcome = call.afterDefect();
    }
    return event(command, outcome, call.renderedHash);
  }

  /** The event for an attempt that an earlier owner may have started. */
  public DeliveryEvent doubtful(SendCommand command) {
    return event(command, Outcome.unknown(Reasons.OWNER_LOST), null);
  }

  private DeliveryEvent event(SendCommand command, Outcome outcome, @Nullable String renderedHash) {
    return DeliveryEvent.newBuilder()
        .setKind(outcome.kind())
        .setDeliveryId(command.getDeliveryId())
        .setIncidentId(command.getIncidentId())
        .setChannel(command.getChannel())
        .setAttempt(command.getAttempt())
        .setIssue(command.getIssue())
        .setProvider(saidByProvider(outcome) ? channel.provider() : SELF)
        .setProviderId(outcome.providerId().orElse(null))
        .setProviderCode(outcome.code().orElse(null))
        .setReason(outcome.reason().orElse(null))
        .setRenderedHash(renderedHash)
        .setRetryAfter(outcome.retryAfter().orElse(null))
        .setAt(clock.instant())
        .build();
  }

  private static boolean saidByProvider(Outcome outcome) {
    return outcome.kind() == DeliveryEventKind.ACCEPTED
        || outcome.kind() == DeliveryEventKind.FOUND
        || outcome.kind() == DeliveryEventKind.NOT_FOUND
        || outcome.code().isPresent();
  }

  /** One command on its way. */
  private final class Call {

    private final String userId;
    private final SendCommand command;
    private final StartGate gate;
    private @Nullable String renderedHash;
    private boolean started;

    Call(String userId, SendCommand command, StartGate gate) {
      this.userId = userId;
      this.command = command;
      this.gate = gate;
    }

    Outcome reconcile() {
      Contact contact = open();
      return contact == null
          ? Outcome.of(DeliveryEventKind.UNAVAILABLE, Reasons.UNOPENABLE)
          : channel.reconcile(command, contact);
    }

    Outcome send() {
      Optional<Outcome> early = gate.refusal();
      if (early.isPresent()) {
        return early.get();
      }
      Optional<Renderer> renderer =
          texts.find(command.getTemplateId(), command.getTemplateVersion());
      if (renderer.isEmpty()) {
        return Outcome.notStarted(Reasons.UNKNOWN_TEMPLATE)
            .withRetryAfter(clock.instant().plus(TEMPLATE_WAIT));
      }
      Contact contact = open();
      if (contact == null) {
        return Outcome.of(DeliveryEventKind.REJECTED_PERMANENT, Reasons.UNOPENABLE);
      }
      ProviderChannel.Prepared prepared = prepare(contact, renderer.get());
      if (prepared == null) {
        return Outcome.of(DeliveryEventKind.REJECTED_PERMANENT, Reasons.UNRENDERABLE);
      }
      renderedHash = prepared.renderedHash();
      Destination destination = Destination.of(contact);
      return breakers.refusal(destination).orElseGet(() -> attempt(prepared, destination));
    }

    private Outcome attempt(ProviderChannel.Prepared prepared, Destination destination) {
      Outcome outcome = Outcome.unknown(Reasons.INTERNAL);
      try {
        outcome = prepared.send(this::refusal);
        return outcome;
      } finally {
        breakers.report(destination, outcome);
      }
    }

    private Optional<Outcome> refusal() {
      Optional<Outcome> refusal = gate.refusal();
      started |= refusal.isEmpty();
      return refusal;
    }

    Outcome afterDefect() {
      if (command.getKind() == CommandKind.RECONCILE) {
        return Outcome.of(DeliveryEventKind.UNAVAILABLE, Reasons.INTERNAL);
      }
      return started
          ? Outcome.unknown(Reasons.INTERNAL)
          : Outcome.notStarted(Reasons.INTERNAL)
              .withRetryAfter(clock.instant().plus(TEMPLATE_WAIT));
    }

    private @Nullable Contact open() {
      try {
        return contacts.open(userId, command.getContact());
      } catch (UnopenableContactException e) {
        log.atError()
            .addKeyValue("deliveryId", command.getDeliveryId())
            .addKeyValue("noticeId", command.getNoticeId())
            .log(
                "A sealed contact cannot be opened; the person goes on the substitute-notice list");
        return null;
      }
    }

    private ProviderChannel.@Nullable Prepared prepare(Contact contact, Renderer renderer) {
      try {
        return channel.prepare(command, contact, renderer);
      } catch (RuntimeException e) {
        log.atError()
            .addKeyValue("deliveryId", command.getDeliveryId())
            .addKeyValue("noticeId", command.getNoticeId())
            .addKeyValue("templateId", command.getTemplateId())
            .addKeyValue("templateVersion", command.getTemplateVersion())
            .addKeyValue("error", e.getClass().getName())
            .log("A notice cannot be rendered; the person goes on the substitute-notice list");
        return null;
      }
    }
  }
}
