package io.tocsin.system.fault;

/** What an SMTP server does with one message. */
public enum SmtpFault {
  /** Takes it and says so. */
  NONE(true),
  /** Takes it; the answer to the final dot comes late. */
  SLOW(true),
  /** Takes it, and closes the connection instead of answering the final dot (RFC 1047). */
  TAKEN_THEN_CLOSED(true),
  /** Takes it, and never answers the final dot. */
  TAKEN_THEN_SILENT(true),
  /** Closes the connection on the final dot without having taken it. */
  LOST_THEN_CLOSED(false),
  /** Closes the connection in the middle of the message. */
  CUT_IN_DATA(false),
  /** 421 to RCPT, and closes. */
  GOODBYE(false),
  /** 451 4.3.0 to RCPT. */
  REFUSED_FOR_NOW(false),
  /** 452 4.3.1 to the final dot. */
  FULL_AFTER_DOT(false),
  /** 550 5.1.1 to RCPT. */
  REFUSED_FOR_GOOD(false);

  private final boolean takes;

  SmtpFault(boolean takes) {
    this.takes = takes;
  }

  /** Whether the recipient gets the message. */
  public boolean takes() {
    return takes;
  }

  /** Whether the sender cannot tell if the message was taken. */
  public boolean leavesDoubt() {
    return switch (this) {
      case TAKEN_THEN_CLOSED, TAKEN_THEN_SILENT, LOST_THEN_CLOSED -> true;
      default -> false;
    };
  }
}
