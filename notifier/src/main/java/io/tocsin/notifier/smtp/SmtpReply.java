package io.tocsin.notifier.smtp;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server's answer, of which only the codes are kept: its words may quote an address.
 *
 * @param code the three digits (RFC 5321 section 4.2)
 * @param enhanced the enhanced status code (RFC 3463, RFC 2034), if the server gave one
 * @param queueId the server's id of an accepted message, if it gave one in a common form
 */
record SmtpReply(int code, Optional<String> enhanced, Optional<String> queueId) {

  private static final Pattern ENHANCED =
      Pattern.compile("^[245][0-9]{2}[ -]([245]\\.[0-9]{1,3}\\.[0-9]{1,3})\\b");

  /**
   * Postfix: queued as X; Exim: id=X; OpenSMTPD, Sendmail: X Message accepted. Never a part of an
   * address.
   */
  private static final Pattern QUEUE_ID =
      Pattern.compile(
          "(?:queued as |\\bid=)([A-Za-z0-9-]{4,64})(?=[\\s>;),]|$)"
              + "|(?<= )([A-Za-z0-9]{4,64}) Message accepted");

  static SmtpReply of(int code, String text) {
    Matcher status = ENHANCED.matcher(text);
    Matcher id = QUEUE_ID.matcher(text);
    return new SmtpReply(
        code,
        status.find() ? Optional.of(status.group(1)) : Optional.empty(),
        code < 300 && id.find()
            ? Optional.ofNullable(id.group(1)).or(() -> Optional.ofNullable(id.group(2)))
            : Optional.empty());
  }

  boolean isPositive() {
    return code >= 200 && code < 300;
  }

  boolean isRefusal() {
    return code >= 400 && code < 600;
  }

  /** The most telling code: the enhanced one, or the three digits. */
  String mostTelling() {
    return enhanced.orElse(Integer.toString(code));
  }
}
