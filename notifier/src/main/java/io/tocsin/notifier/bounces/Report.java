package io.tocsin.notifier.bounces;

import java.util.Locale;
import java.util.Optional;

/**
 * What a message to one of our senders says about the notice. Free of anything that could name a
 * person: of a report's fields only these two are kept.
 *
 * @param meaning what it says
 * @param status the enhanced status code (RFC 3463) of a bounce, if the report gives one
 */
record Report(Meaning meaning, Optional<String> status) {

  /** What a message means; the names, in lower case, are the values of a metric's tag. */
  enum Meaning {
    /** Every recipient the report names failed: the notice did not arrive. */
    BOUNCED,
    /** It arrived with a recipient that the report names. */
    DELIVERED,
    /** It is late, relayed or expanded, or failed with some recipients and not with others. */
    UNDECIDED,
    /** No delivery report: an automatic reply, a challenge, a person's words. */
    OTHER,
    /** It calls itself a delivery report, and says nothing that can be relied on. */
    UNREADABLE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Whether a bounce may be different another time (RFC 3463): the server gave up on a failure that
   * it took for temporary, the mailbox was full, the system or the network at fault, or our
   * reputation.
   */
  boolean isForNow() {
    return status
        .filter(code -> code.matches("4\\..*|5\\.(?:2\\.2|3\\..*|4\\..*|7\\..*)"))
        .isPresent();
  }

  static Report of(Meaning meaning) {
    return new Report(meaning, Optional.empty());
  }
}
