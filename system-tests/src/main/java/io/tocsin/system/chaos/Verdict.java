package io.tocsin.system.chaos;

import io.tocsin.avro.Channel;
import io.tocsin.avro.DeliveryState;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Holds the record against what the stand-ins took, delivery by delivery. */
final class Verdict {

  /** The reason the notifier gives for a command that an earlier owner may have started. */
  private static final String OWNER_LOST = "owner-lost";

  /** The reason the notifier gives when a provider took a message and did not answer. */
  private static final String NO_ANSWER = "no-answer";

  private final Arrivals arrivals;
  private final RecordAudit record;
  private final Script script;
  private final Map<Delivery, RecordAudit.Doubt> byKill = new HashMap<>();
  private final Map<Delivery, RecordAudit.Doubt> any = new HashMap<>();

  private long lost;
  private long duplicatesUnlisted;
  private long duplicatesListed;
  private long possibleDuplicates;
  private long possibleDuplicatesByKill;
  private long possibleDuplicatesUntied;
  private long unknownOpen;
  private long unreachable;
  private long unreachableExpected;
  private long unreachableWrong;
  private long substitutesWrong;

  private record Delivery(int person, Channel channel) {}

  /** Compares everything. */
  Verdict(People people, Arrivals arrivals, RecordAudit record, Script script) {
    this.arrivals = arrivals;
    this.record = record;
    this.script = script;
    for (RecordAudit.Doubt doubt : record.doubts()) {
      Delivery delivery = new Delivery(doubt.person(), doubt.channel());
      any.merge(delivery, doubt, Verdict::earlier);
      if (doubt.reason().equals(OWNER_LOST)) {
        byKill.merge(delivery, doubt, Verdict::earlier);
      }
    }
    for (int person = 0; person < people.count(); person++) {
      boolean nobody = true;
      for (Channel channel : Channel.values()) {
        compare(new Delivery(person, channel));
        nobody &= script.unreachable(channel, person);
      }
      substitutesWrong += nobody == record.substitute(person) ? 0 : 1;
    }
  }

  private void compare(Delivery delivery) {
    int taken = arrivals.count(delivery.channel(), delivery.person());
    List<Integer> marks = record.marks(delivery.person(), delivery.channel());
    if (taken == 0 && !script.refuses(delivery.channel(), delivery.person())) {
      lost++;
    }
    int more = Math.max(0, taken - 1);
    duplicatesListed += Math.min(more, marks.size());
    duplicatesUnlisted += Math.max(0, more - marks.size());
    for (int mark : marks) {
      possibleDuplicates++;
      if (isEarlier(any.get(delivery), mark)) {
        possibleDuplicatesByKill += isEarlier(byKill.get(delivery), mark) ? 1 : 0;
      } else {
        possibleDuplicatesUntied++;
      }
    }
    DeliveryState state = record.state(delivery.person(), delivery.channel());
    boolean open =
        state == null
            || switch (state) {
              case UNKNOWN, RECONCILING, SENDING, RETRYING, PLANNED -> true;
              default -> false;
            };
    unknownOpen += open ? 1 : 0;
    boolean expected = script.unreachable(delivery.channel(), delivery.person());
    boolean found = state == DeliveryState.UNREACHABLE;
    unreachableExpected += expected ? 1 : 0;
    unreachable += found ? 1 : 0;
    unreachableWrong += expected == found ? 0 : 1;
  }

  /** Messages that should have come and did not. */
  long lost() {
    return lost;
  }

  /** Messages beyond the first that the record does not list. */
  long duplicatesUnlisted() {
    return duplicatesUnlisted;
  }

  /** Messages beyond the first that the record lists. */
  long duplicatesListed() {
    return duplicatesListed;
  }

  /** Attempts that the record lists as possible duplicates. */
  long possibleDuplicates() {
    return possibleDuplicates;
  }

  /** Those of them that follow an UNKNOWN which a kill led to. */
  long possibleDuplicatesByKill() {
    return possibleDuplicatesByKill;
  }

  /** Those of them that follow no UNKNOWN in the record. */
  long possibleDuplicatesUntied() {
    return possibleDuplicatesUntied;
  }

  /** Deliveries that are not explained in the end. */
  long unknownOpen() {
    return unknownOpen;
  }

  /** Deliveries that the record calls UNREACHABLE. */
  long unreachable() {
    return unreachable;
  }

  /** Deliveries that the script refuses for good. */
  long unreachableExpected() {
    return unreachableExpected;
  }

  /** Deliveries in one of the two sets and not in the other. */
  long unreachableWrong() {
    return unreachableWrong;
  }

  /** People who are on the substitute-notice list, or are not, and should not be, or should. */
  long substitutesWrong() {
    return substitutesWrong;
  }

  /** Times that a delivery became UNKNOWN through a kill. */
  long unknownByKill() {
    return record.doubts().stream().filter(doubt -> doubt.reason().equals(OWNER_LOST)).count();
  }

  /** Times that a delivery became UNKNOWN because a provider did not answer. */
  long unknownByProvider() {
    return record.doubts().stream().filter(doubt -> doubt.reason().equals(NO_ANSWER)).count();
  }

  /** Times that a delivery became UNKNOWN through a kill, as told between two instants. */
  long unknownByKill(Instant from, Instant until) {
    return record.doubts().stream()
        .filter(doubt ->
            doubt.reason().equals(OWNER_LOST)
                && !doubt.at().isBefore(from)
                && doubt.at().isBefore(until))
        .count();
  }

  private static boolean isEarlier(RecordAudit.@Nullable Doubt doubt, int attempt) {
    return doubt != null && doubt.attempt() < attempt;
  }

  private static RecordAudit.Doubt earlier(RecordAudit.Doubt one, RecordAudit.Doubt other) {
    return one.attempt() <= other.attempt() ? one : other;
  }
}
