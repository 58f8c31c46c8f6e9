package io.tocsin.notifier.smtp;

import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.notifier.attempt.Outcome;
import io.tocsin.notifier.attempt.Reasons;
import java.util.regex.Pattern;

/**
 * What a refusal means (RFC 3463, RFC 5321 section 4.2.3).
 *
 * <ul>
 *   <li>530, 534, 535, 538, 5.7.8 to 5.7.14 (RFC 4954, RFC 5248): our authentication; the channel's
 *       fault
 *   <li>other 5.7.x: policy or our reputation; the channel's fault before the recipient is named,
 *       afterwards that of how the recipient's domain takes us
 *   <li>a refused sender (x.1.7, x.1.8, any 5xx to MAIL FROM), protocol or content (500, 502 to
 *       504, 5.5.x, 5.6.x): ours too
 *   <li>4xx, and 552, 5.2.2 (mailbox full), 5.3.1, 5.4.x (system, routing): for now
 *   <li>other 5xx: for good
 * </ul>
 */
final class SmtpClassification {

  private static final Pattern AUTHENTICATION = Pattern.compile("\\.7\\.([89]|1[0-4])");

  private SmtpClassification() {}

  /** How far the conversation was when the answer came. */
  enum Phase {
    IDLE,
    SENDER,
    RECIPIENT,
    DATA,
    /** The final dot may have reached the server. */
    FINAL_DOT
  }

  static Outcome of(SmtpReply reply, Phase phase) {
    return kind(reply, phase).withCode(reply.mostTelling());
  }

  private static Outcome policy(String subject, Phase phase) {
    if (AUTHENTICATION.matcher(subject).matches()) {
      return Outcome.channelFault(Reasons.AUTHENTICATION);
    }
    return phase == Phase.IDLE || phase == Phase.SENDER
        ? Outcome.channelFault(Reasons.REFUSED)
        : Outcome.destinationFault(Reasons.REFUSED);
  }

  private static Outcome kind(SmtpReply reply, Phase phase) {
    String status = reply.enhanced().orElse("");
    String subject = status.isEmpty() ? "" : status.substring(1);
    boolean permanent = reply.code() >= 500;
    switch (reply.code()) {
      case 530, 534, 535, 538 -> {
        return Outcome.channelFault(Reasons.AUTHENTICATION);
      }
      case 500, 502, 503, 504 -> {
        return Outcome.channelFault(Reasons.REFUSED);
      }
      default -> {}
    }
    if (subject.startsWith(".7.") && permanent) {
      return policy(subject, phase);
    }
    if (!permanent) {
      return Outcome.of(DeliveryEventKind.REJECTED_TRANSIENT, Reasons.REFUSED);
    }
    boolean ours =
        phase == Phase.SENDER
            || subject.equals(".1.7")
            || subject.equals(".1.8")
            || subject.startsWith(".5.")
            || (subject.startsWith(".6.") && !subject.equals(".6.7"));
    if (ours) {
      return Outcome.channelFault(Reasons.REFUSED);
    }
    boolean soft =
        subject.equals(".2.2")
            || subject.equals(".3.1")
            || subject.startsWith(".4.")
            || (subject.isEmpty() && reply.code() == 552);
    return Outcome.of(
        soft ? DeliveryEventKind.REJECTED_TRANSIENT : DeliveryEventKind.REJECTED_PERMANENT,
        Reasons.REFUSED);
  }
}
