package io.tocsin.system.chaos;

import io.tocsin.avro.Channel;
import io.tocsin.system.fault.SmtpFault;
import io.tocsin.system.fault.SmtpScript;
import io.tocsin.system.fault.TwilioFault;
import io.tocsin.system.fault.TwilioFault.Answer;
import io.tocsin.system.fault.TwilioFault.Receipt;
import io.tocsin.system.fault.TwilioScript;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Who is refused for good, and what goes wrong with which try: all of it from the seed, the person
 * and the number of the try, whatever the order in which they come.
 */
final class Script {

  /** After so many tries everything goes well: the run shall end. */
  private static final int MOST_FAULTS = 4;

  private static final int TLS_TRIES = -1;
  private static final double TLS_BREAKS = 0.02;

  private static final double BOTH_REFUSED = 0.004;
  private static final double ONE_REFUSED = 0.006;
  private static final double UNDELIVERED = 0.004;

  private static final int[] REFUSALS = {21211, 21614, 21610, 21612, 30005, 30006};
  private static final int UNKNOWN_HANDSET = 30005;
  private static final int QUEUE_FULL = 21611;

  /** What goes wrong with e-mails, each as often as it is listed. */
  private static final SmtpFault[] SMTP = {
    SmtpFault.SLOW,
    SmtpFault.SLOW,
    SmtpFault.TAKEN_THEN_CLOSED,
    SmtpFault.TAKEN_THEN_CLOSED,
    SmtpFault.TAKEN_THEN_CLOSED,
    SmtpFault.TAKEN_THEN_SILENT,
    SmtpFault.LOST_THEN_CLOSED,
    SmtpFault.LOST_THEN_CLOSED,
    SmtpFault.CUT_IN_DATA,
    SmtpFault.CUT_IN_DATA,
    SmtpFault.GOODBYE,
    SmtpFault.GOODBYE,
    SmtpFault.REFUSED_FOR_NOW,
    SmtpFault.REFUSED_FOR_NOW,
    SmtpFault.FULL_AFTER_DOT,
  };

  /** What goes wrong with POSTs, the same. */
  private static final TwilioFault[] TWILIO = {
    TwilioFault.NONE.with(Answer.TAKEN_THEN_500),
    TwilioFault.NONE.with(Answer.TAKEN_THEN_500),
    TwilioFault.NONE.with(Answer.TAKEN_THEN_500),
    TwilioFault.NONE.with(Answer.TAKEN_THEN_SILENT),
    TwilioFault.NONE.with(Answer.TAKEN_THEN_RESET),
    TwilioFault.NONE.with(Answer.TAKEN_THEN_RESET),
    TwilioFault.NONE.with(Answer.LOST_THEN_500),
    TwilioFault.NONE.with(Answer.SILENT),
    TwilioFault.NONE.with(Answer.RESET),
    TwilioFault.NONE.with(Answer.BUSY),
    TwilioFault.NONE.with(Answer.BUSY),
    TwilioFault.refused(QUEUE_FULL),
    TwilioFault.refused(QUEUE_FULL),
  };

  /** What is unusual about receipts. */
  private static final Receipt[] RECEIPTS = {
    Receipt.BEFORE_THE_ANSWER,
    Receipt.TWICE,
    Receipt.LATE,
    Receipt.AFTER_A_FORGED_ONE,
    Receipt.NEVER
  };

  private final People people;
  private final long seed;
  private final double share;
  private final Arrivals arrivals;
  private final AtomicInteger connections = new AtomicInteger();

  /**
   * A script.
   *
   * @param share of the tries that something goes wrong with
   */
  Script(People people, long seed, double share, Arrivals arrivals) {
    this.people = people;
    this.seed = seed;
    this.share = share;
    this.arrivals = arrivals;
  }

  /** Whether a channel is closed to somebody for good: their delivery must end as UNREACHABLE. */
  boolean unreachable(Channel channel, int person) {
    return refuses(channel, person) || (channel == Channel.SMS && undelivered(person));
  }

  /** Whether no message of a channel may ever be taken for somebody. */
  boolean refuses(Channel channel, int person) {
    SplittableRandom dice = dice(null, person, 0);
    boolean both = dice.nextDouble() < BOTH_REFUSED;
    boolean email = dice.nextDouble() < ONE_REFUSED;
    boolean sms = dice.nextDouble() < ONE_REFUSED;
    return both || (channel == Channel.EMAIL ? email : sms);
  }

  /** The e-mails' part of it. */
  SmtpScript smtp() {
    return new SmtpScript() {

      @Override
      public SmtpFault next(String recipient) {
        int person = people.ofEmail(recipient);
        int tries = arrivals.tried(Channel.EMAIL, person);
        if (refuses(Channel.EMAIL, person)) {
          arrivals.refused(Channel.EMAIL, person);
          return SmtpFault.REFUSED_FOR_GOOD;
        }
        SplittableRandom dice = dice(Channel.EMAIL, person, tries);
        SmtpFault fault = goesWrong(dice, tries) ? SMTP[dice.nextInt(SMTP.length)] : SmtpFault.NONE;
        if (fault.leavesDoubt()) {
          arrivals.leftInDoubt();
        }
        return fault;
      }

      @Override
      public void taken(String recipient, String messageId) {
        int person = people.ofEmail(recipient);
        arrivals.taken(
            Channel.EMAIL,
            person,
            messageId.startsWith(people.deliveryId(person, Channel.EMAIL) + "@"));
      }

      @Override
      public boolean breaksTls() {
        return dice(Channel.EMAIL, connections.incrementAndGet(), TLS_TRIES).nextDouble()
            < TLS_BREAKS;
      }
    };
  }

  /** The SMS' part of it. */
  TwilioScript twilio() {
    return new TwilioScript() {

      @Override
      public TwilioFault next(String to) {
        int person = people.ofPhone(to);
        int tries = arrivals.tried(Channel.SMS, person);
        if (refuses(Channel.SMS, person)) {
          arrivals.refused(Channel.SMS, person);
          return TwilioFault.refused(REFUSALS[person % REFUSALS.length]);
        }
        SplittableRandom dice = dice(Channel.SMS, person, tries);
        TwilioFault fault =
            goesWrong(dice, tries) ? TWILIO[dice.nextInt(TWILIO.length)] : TwilioFault.NONE;
        if (fault.leavesDoubt()) {
          arrivals.leftInDoubt();
        }
        if (fault.answer().takes() && undelivered(person)) {
          return TwilioFault.undelivered(UNKNOWN_HANDSET).with(fault.answer());
        }
        return goesWrong(dice, 0) ? fault.with(RECEIPTS[dice.nextInt(RECEIPTS.length)]) : fault;
      }

      @Override
      public void taken(String to, String body) {
        int person = people.ofPhone(to);
        arrivals.taken(Channel.SMS, person, body.contains(people.reference(person)));
      }
    };
  }

  /** Whether somebody's SMS are taken and then reported as not delivered. */
  private boolean undelivered(int person) {
    return dice(null, person, 1).nextDouble() < UNDELIVERED;
  }

  private boolean goesWrong(SplittableRandom dice, int tries) {
    return dice.nextDouble() < share && tries < MOST_FAULTS;
  }

  private SplittableRandom dice(@Nullable Channel channel, int person, int tries) {
    long which = channel == null ? 7 : channel.ordinal() + 1L;
    long mixed = seed * 0x9E3779B97F4A7C15L + which;
    mixed = (mixed ^ (mixed >>> 31)) * 0xBF58476D1CE4E5B9L + person;
    mixed = (mixed ^ (mixed >>> 29)) * 0x94D049BB133111EBL + tries;
    return new SplittableRandom(mixed ^ (mixed >>> 32));
  }
}
