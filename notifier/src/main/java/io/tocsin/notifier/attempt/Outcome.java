package io.tocsin.notifier.attempt;

import io.tocsin.avro.DeliveryEventKind;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt, or a question about one, led to. Free of anything that could name a person.
 *
 * @param kind the outcome
 * @param providerId the provider's id of the message
 * @param code the provider's code: an SMTP enhanced status, a Twilio error code
 * @param reason one of {@link Reasons}
 * @param retryAfter wait at least until then before the next attempt
 * @param blamesDestination whether it speaks against where the message goes, and need not concern
 *     any other {@link Destination}
 */
public record Outcome(
    DeliveryEventKind kind,
    Optional<String> providerId,
    Optional<String> code,
    Optional<String> reason,
    Optional<Instant> retryAfter,
    boolean blamesDestination) {

  /** The provider took the message. */
  public static Outcome accepted(@Nullable String providerId, @Nullable String code) {
    return new Outcome(
        DeliveryEventKind.ACCEPTED,
        Optional.ofNullable(providerId),
        Optional.ofNullable(code),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  /** Anything that has a reason. */
  public static Outcome of(DeliveryEventKind kind, String reason) {
    return new Outcome(
        kind, Optional.empty(), Optional.empty(), Optional.of(reason), Optional.empty(), false);
  }

  /** It may or may not have got through. */
  public static Outcome unknown(String reason) {
    return of(DeliveryEventKind.UNKNOWN, reason);
  }

  /** Nothing was sent. */
  public static Outcome notStarted(String reason) {
    return of(DeliveryEventKind.NOT_STARTED, reason);
  }

  /** Nothing was sent, or nothing taken, through a fault of our own. */
  public static Outcome channelFault(String reason) {
    return of(DeliveryEventKind.CHANNEL_FAULT, reason);
  }

  /** The same, where the fault need not concern any other destination. */
  public static Outcome destinationFault(String reason) {
    return new Outcome(
        DeliveryEventKind.CHANNEL_FAULT,
        Optional.empty(),
        Optional.empty(),
        Optional.of(reason),
        Optional.empty(),
        true);
  }

  /** The same, with the provider's code. */
  public Outcome withCode(@Nullable String providerCode) {
    return new Outcome(
        kind, providerId, Optional.ofNullable(providerCode), reason, retryAfter, blamesDestination);
  }

  /** The same, with the provider's id of the message. */
  public Outcome withProviderId(@Nullable String id) {
    return new Outcome(kind, Optional.ofNullable(id), code, reason, retryAfter, blamesDestination);
  }

  /** The same, not to be tried again before an instant. */
  public Outcome withRetryAfter(Instant instant) {
    return new Outcome(kind, providerId, code, reason, Optional.of(instant), blamesDestination);
  }

  /**
   * Whether it speaks against the channel as a whole rather than against this message or where it
   * goes. UNKNOWN does: a provider that answers nobody is better left alone than filled with
   * doubts.
   */
  public boolean blamesChannel() {
    return (kind == DeliveryEventKind.CHANNEL_FAULT && !blamesDestination)
        || kind == DeliveryEventKind.UNKNOWN
        || (kind == DeliveryEventKind.NOT_STARTED
            && reason.filter(Reasons.UNREACHABLE::equals).isPresent());
  }

  /** Whether the provider dealt with the message, whatever it said. */
  public boolean provesChannel() {
    return switch (kind) {
      case ACCEPTED, REJECTED_PERMANENT, REJECTED_TRANSIENT ->
          reason
              .filter(why -> why.equals(Reasons.UNRENDERABLE) || why.equals(Reasons.UNOPENABLE))
              .isEmpty();
      default -> false;
    };
  }
}
