package io.tocsin.system.fault;

/**
 * What Twilio does with one POST to Messages, and with the message if it takes it.
 *
 * @param answer how the POST is answered
 * @param code Twilio's code of a refusal; of the failure of a message that is not delivered; 0
 *     otherwise
 * @param receipt how its final status is called back
 */
public record TwilioFault(Answer answer, int code, Receipt receipt) {

  /** Takes it, says so, and delivers it. */
  public static final TwilioFault NONE = new TwilioFault(Answer.CREATED, 0, Receipt.ONCE);

  /** How the POST is answered. */
  public enum Answer {
    /** 201. */
    CREATED(true),
    /** Takes it, and answers 500 with code 20500. */
    TAKEN_THEN_500(true),
    /** Takes it, and never answers. */
    TAKEN_THEN_SILENT(true),
    /** Takes it, and resets the connection. */
    TAKEN_THEN_RESET(true),
    /** Answers 500 and does not take it. */
    LOST_THEN_500(false),
    /** Neither takes nor answers it. */
    SILENT(false),
    /** Resets the connection and does not take it. */
    RESET(false),
    /** 429 with code 20429 and Retry-After: 1. */
    BUSY(false),
    /** 400 with the fault's code (401 for 20003). */
    REFUSED(false);

    private final boolean takes;

    Answer(boolean takes) {
      this.takes = takes;
    }

    /** Whether the recipient gets the message. */
    public boolean takes() {
      return takes;
    }
  }

  /** How the final status of a message is called back. */
  public enum Receipt {
    /** Once, soon. */
    ONCE,
    /** Before the POST is answered. */
    BEFORE_THE_ANSWER,
    /** Twice. */
    TWICE,
    /** Late. */
    LATE,
    /** After a forged one that says the opposite. */
    AFTER_A_FORGED_ONE,
    /** Never. */
    NEVER
  }

  /** The same with another answer. */
  public TwilioFault with(Answer other) {
    return new TwilioFault(other, code, receipt);
  }

  /** The same with other receipts. */
  public TwilioFault with(Receipt other) {
    return new TwilioFault(answer, code, other);
  }

  /** Refuses it. */
  public static TwilioFault refused(int code) {
    return new TwilioFault(Answer.REFUSED, code, Receipt.NEVER);
  }

  /** Takes it, says so, and calls it undelivered later. */
  public static TwilioFault undelivered(int code) {
    return new TwilioFault(Answer.CREATED, code, Receipt.ONCE);
  }

  /** Whether the sender cannot tell if the message was taken. */
  public boolean leavesDoubt() {
    return switch (answer) {
      case TAKEN_THEN_500, TAKEN_THEN_SILENT, TAKEN_THEN_RESET, LOST_THEN_500, SILENT, RESET ->
          true;
      case CREATED, BUSY, REFUSED -> false;
    };
  }
}
