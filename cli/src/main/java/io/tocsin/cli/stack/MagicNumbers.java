package io.tocsin.cli.stack;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Numbers that make a {@link TwilioStandIn} fail in a chosen way.
 *
 * <p>First, the magic numbers of Twilio's own test credentials ({@code +1500555000x}). Second, any
 * number that ends in {@code 00} and one of these five-digit codes, so that {@code +77010030005}
 * tells by itself what will happen to it:
 *
 * <ul>
 *   <li>21211, 21408, 21610, 21611, 21612, 21614: the request is answered 400 with that code;
 *   <li>20429: answered 429 twice, then accepted;
 *   <li>20500: accepted, but answered 500, once; later requests succeed. What a sender sees when
 *       the answer of a message that got through is lost;
 *   <li>30003, 30004, 30005, 30006, 30007, 30008: accepted, and ends undelivered with that code.
 * </ul>
 */
final class MagicNumbers {

  private static final int TOO_MANY_TIMES = 2;
  private static final int CODE_DIGITS = 5;
  private static final String CODE_MARK = "00";

  private static final Map<Integer, String> REFUSED_TO =
      Map.of(
          21211, "The 'To' number is not a valid phone number",
          21408, "Permission to send an SMS has not been enabled for the region of the 'To' number",
          21610, "Attempt to send to unsubscribed recipient",
          21611, "This 'From' number has exceeded the maximum number of queued messages",
          21612, "The 'To' phone number is not currently reachable via SMS",
          21614, "'To' number is not a valid mobile number");

  private static final Map<String, Integer> TWILIO_TO =
      Map.of(
          "+15005550001", 21211,
          "+15005550002", 21612,
          "+15005550003", 21408,
          "+15005550004", 21610,
          "+15005550009", 21614);

  private static final Map<String, TwilioFault> TWILIO_FROM =
      Map.of(
          "+15005550001",
          TwilioFault.badRequest(21212, "The 'From' number is not a valid phone number"),
          "+15005550007",
          TwilioFault.badRequest(
              21606, "The 'From' phone number is not a valid, SMS-capable inbound number"),
          "+15005550008",
          TwilioFault.badRequest(
              21611, "This 'From' number has exceeded the maximum number of queued messages"));

  private static final Set<Integer> UNDELIVERED = Set.of(30003, 30004, 30005, 30006, 30007, 30008);

  private final Map<String, Integer> tooManySoFar = new ConcurrentHashMap<>();
  private final Set<String> answersLost = ConcurrentHashMap.newKeySet();

  /** The fault that a message from this sender meets, if any. */
  Optional<TwilioFault> refuseSender(String from) {
    return Optional.ofNullable(TWILIO_FROM.get(from));
  }

  /** The fault that a message to this number meets before it is accepted, if any. */
  Optional<TwilioFault> refuseRecipient(String to) {
    int code = TWILIO_TO.getOrDefault(to, codeIn(to));
    if (code == TwilioFault.TOO_MANY_REQUESTS.code()
        && tooManySoFar.merge(to, 1, (n, one) -> Math.min(n + one, TOO_MANY_TIMES + 1))
            <= TOO_MANY_TIMES) {
      return Optional.of(TwilioFault.TOO_MANY_REQUESTS);
    }
    return Optional.ofNullable(REFUSED_TO.get(code))
        .map(message -> TwilioFault.badRequest(code, message));
  }

  /** Whether the answer to a message just accepted for this number is to be lost. */
  boolean losesAnswer(String to) {
    return codeIn(to) == TwilioFault.INTERNAL.code() && answersLost.add(to);
  }

  /** The code with which a message to this number ends undelivered, or 0 if it is delivered. */
  static int undeliveredCode(String to) {
    int code = codeIn(to);
    return UNDELIVERED.contains(code) ? code : 0;
  }

  private static int codeIn(String number) {
    int start = number.length() - CODE_DIGITS;
    if (start < CODE_MARK.length() || !number.startsWith(CODE_MARK, start - CODE_MARK.length())) {
      return 0;
    }
    int code = 0;
    for (int i = start; i < number.length(); i++) {
      int digit = Character.digit(number.charAt(i), 10);
      if (digit < 0) {
        return 0;
      }
      code = code * 10 + digit;
    }
    return code;
  }
}
