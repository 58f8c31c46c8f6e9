package io.tocsin.cli.stack;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which recipients a {@link MailSink} refuses, told by the address itself so that samples can show
 * every way an attempt ends:
 *
 * <ul>
 *   <li>local part beginning {@code refused}, or domain {@code refused.example.com}: always 550
 *       5.1.1;
 *   <li>local part beginning {@code full}: 452 4.2.2 the first times, then accepted.
 * </ul>
 */
final class RecipientRules {

  private static final String REFUSED_DOMAIN = "refused.example.com";

  private final int fullTimes;
  private final Map<String, Integer> fullSoFar = new ConcurrentHashMap<>();

  RecipientRules(int fullTimes) {
    this.fullTimes = fullTimes;
  }

  /**
   * @param code the SMTP reply code
   * @param text its enhanced status code (RFC 3463) and words, without the address
   */
  record Refusal(int code, String text) {}

  /** The refusal that a RCPT TO of {@code address} earns now, or empty if it is accepted. */
  Optional<Refusal> judge(String address) {
    var lower = address.toLowerCase(Locale.ROOT);
    if (lower.startsWith("refused") || lower.endsWith("@" + REFUSED_DOMAIN)) {
      return Optional.of(new Refusal(550, "5.1.1 No such mailbox"));
    }
    if (lower.startsWith("full")
        && fullSoFar.merge(lower, 1, (before, one) -> Math.min(before + one, fullTimes + 1))
            <= fullTimes) {
      return Optional.of(new Refusal(452, "4.2.2 Mailbox full"));
    }
    return Optional.empty();
  }
}
