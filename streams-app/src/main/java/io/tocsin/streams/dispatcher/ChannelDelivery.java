package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import io.tocsin.avro.DeliveryState;
import io.tocsin.avro.SealedContact;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One channel of one edition, as it stands.
 *
 * @param channel the channel
 * @param state where it stands
 * @param attempt the attempt under way, or the last one made
 * @param dueAt when something is to happen by itself, in epoch ms; 0 for never
 * @param tries what retries depend on
 * @param doubts what may have got through
 * @param said what the provider said last
 */
record ChannelDelivery(
    Channel channel,
    DeliveryState state,
    Attempt attempt,
    long dueAt,
    Tries tries,
    Doubts doubts,
    Said said) {

  /**
   * The attempt under way, or the last one made.
   *
   * @param number from 1; 0 before the first
   * @param issue the issue under way; of the next attempt while none is
   * @param issuedAt when, in epoch ms
   * @param notAfter until when it may start, in epoch ms
   * @param contact where it goes to; null once nothing depends on it any more
   * @param fingerprint of the contact last tried
   */
  record Attempt(
      int number,
      int issue,
      long issuedAt,
      long notAfter,
      @Nullable SealedContact contact,
      @Nullable ByteBuffer fingerprint) {

    static final Attempt NONE = new Attempt(0, 0, 0, 0, null, null);

    /** Made: the next one is another. */
    Attempt made() {
      return new Attempt(number, 0, issuedAt, notAfter, null, fingerprint);
    }

    /**
     * Not made: the next one is the same, issued again, by a number that not even a question about
     * it has had.
     */
    Attempt notMade(int asks) {
      return new Attempt(number - 1, issue + asks + 1, issuedAt, notAfter, null, fingerprint);
    }

    /**
     * Over, and it turns out that this attempt was made, perhaps after we were told that it was
     * not.
     */
    Attempt over(int made) {
      return made > number
          ? new Attempt(made, issue - 1, issuedAt, notAfter, null, fingerprint)
          : over();
    }

    /** Over, whatever it led to; its number and issue still tell which late outcome is about it. */
    Attempt over() {
      return new Attempt(number, issue, issuedAt, notAfter, null, fingerprint);
    }

    @Override
    public String toString() {
      return number + "." + issue;
    }
  }

  /**
   * What retries depend on.
   *
   * @param rejections refusals for now, since the contact last changed
   * @param faults channel faults in a row
   * @param before attempts made to an earlier contact
   * @param firstIssuedAt when the first attempt to this contact was issued, in epoch ms; 0 before
   * @param asks how often the provider was asked about the attempt
   * @param askedSince when it was first asked, in epoch ms
   */
  record Tries(
      int rejections, int faults, int before, long firstIssuedAt, int asks, long askedSince) {

    static final Tries NONE = new Tries(0, 0, 0, 0, 0, 0);

    Tries rejected() {
      return new Tries(rejections + 1, 0, before, firstIssuedAt, 0, 0);
    }

    Tries faulted(int inRow) {
      return new Tries(rejections, inRow, before, firstIssuedAt, 0, 0);
    }

    Tries asked(long now) {
      return new Tries(
          rejections, faults, before, firstIssuedAt, asks + 1, asks == 0 ? now : askedSince);
    }

    Tries issued(long now) {
      return new Tries(rejections, faults, before, firstIssuedAt == 0 ? now : firstIssuedAt, 0, 0);
    }

    static Tries anew(int before) {
      return new Tries(0, 0, before, 0, 0, 0);
    }
  }

  /** An attempt that may have got through, by its number and last issue. */
  record Doubt(int attempt, int issue) {}

  /**
   * What may have got through.
   *
   * @param open attempts that may have got through, or did so late
   * @param marked attempts made although an earlier one may have got through
   * @param proven the attempt the provider took; 0 for none
   * @param returned attempts that a receipt says came back
   */
  record Doubts(List<Doubt> open, List<Integer> marked, int proven, List<Integer> returned) {

    static final Doubts NONE = new Doubts(List.of(), List.of(), 0, List.of());

    Doubts open(int attempt, int issue) {
      return new Doubts(
          Stream.concat(open.stream(), Stream.of(new Doubt(attempt, issue))).toList(),
          marked,
          proven,
          returned);
    }

    boolean isOpen(int attempt, int issue) {
      return open.contains(new Doubt(attempt, issue));
    }

    /**
     * This attempt did not get through; what was marked only because of it is no possible
     * duplicate.
     */
    Doubts cleared(int attempt) {
      if (open.isEmpty()) {
        return this;
      }
      List<Doubt> rest = open.stream().filter(doubt -> doubt.attempt() != attempt).toList();
      return new Doubts(
          rest,
          marked.stream()
              .filter(mark -> rest.stream().anyMatch(doubt -> doubt.attempt() < mark))
              .toList(),
          proven,
          returned);
    }

    Doubts issued(int attempt) {
      return open.isEmpty() || marked.contains(attempt)
          ? this
          : new Doubts(
              open, Stream.concat(marked.stream(), Stream.of(attempt)).toList(), proven, returned);
    }

    /** This attempt was not made after all. */
    Doubts unmarked(int attempt) {
      return marked.contains(attempt)
          ? new Doubts(
              open, marked.stream().filter(mark -> mark != attempt).toList(), proven, returned)
          : this;
    }

    Doubts proven(int attempt) {
      return new Doubts(open, marked, attempt, returned);
    }

    Doubts returned(int attempt) {
      Doubts cleared = cleared(attempt);
      return new Doubts(
          cleared.open,
          cleared.marked,
          proven,
          Stream.concat(returned.stream(), Stream.of(attempt)).toList());
    }
  }

  /** What the provider said last. */
  record Said(@Nullable String providerId, @Nullable String providerCode, @Nullable String reason) {

    static final Said NOTHING = new Said(null, null, null);

    Said because(@Nullable String why) {
      return new Said(providerId, providerCode, why);
    }
  }

  static ChannelDelivery planned(Channel channel) {
    return new ChannelDelivery(
        channel, DeliveryState.PLANNED, Attempt.NONE, 0, Tries.NONE, Doubts.NONE, Said.NOTHING);
  }

  /** Whether it could be stopped: no attempt is under way, and none has succeeded. */
  boolean waiting() {
    return state == DeliveryState.PLANNED || state == DeliveryState.RETRYING;
  }

  /** Whether its next attempt may be issued now. */
  boolean releasable() {
    return waiting() && dueAt == 0;
  }

  /** Whether an outcome is owed. */
  boolean underWay() {
    return switch (state) {
      case SENDING, UNKNOWN, RECONCILING -> true;
      default -> false;
    };
  }

  /** Whether a provider took it. */
  boolean gotThrough() {
    return switch (state) {
      case ACCEPTED, DELIVERED, UNCONFIRMED -> true;
      default -> false;
    };
  }

  /** Whether nobody needs to wonder about it any more (design.md section 6). */
  boolean explained() {
    return switch (state) {
      case ACCEPTED, DELIVERED, UNCONFIRMED, UNREACHABLE, CANCELLED, NOT_NEEDED -> true;
      case PLANNED, SENDING, RETRYING, UNKNOWN, RECONCILING, BOUNCED -> false;
    };
  }

  /** The highest number of an attempt ever issued. */
  int highestIssued() {
    return waiting() && attempt.issue() > 0 ? attempt.number() + 1 : attempt.number();
  }

  ChannelDelivery to(DeliveryState next) {
    return new ChannelDelivery(channel, next, attempt, 0, tries, doubts, said);
  }

  ChannelDelivery with(Attempt changed) {
    return new ChannelDelivery(channel, state, changed, dueAt, tries, doubts, said);
  }

  ChannelDelivery with(Tries changed) {
    return new ChannelDelivery(channel, state, attempt, dueAt, changed, doubts, said);
  }

  ChannelDelivery with(Doubts changed) {
    return new ChannelDelivery(channel, state, attempt, dueAt, tries, changed, said);
  }

  ChannelDelivery with(Said changed) {
    return new ChannelDelivery(channel, state, attempt, dueAt, tries, doubts, changed);
  }

  ChannelDelivery due(long at) {
    return new ChannelDelivery(channel, state, attempt, at, tries, doubts, said);
  }
}
