package io.tocsin.system.chaos;

import io.tocsin.avro.Channel;
import io.tocsin.avro.Delivery;
import io.tocsin.avro.DeliveryState;
import io.tocsin.avro.Notice;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.schemas.topic.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the record says, read from the notices topic alone: every doubt there ever was, and how
 * every delivery stands in the end.
 */
final class RecordAudit {

  private static final String UNKNOWN = "unknown";

  private final People people;
  private final Map<Channel, Standings> byChannel = new EnumMap<>(Channel.class);
  private final BitSet known = new BitSet();
  private final BitSet substitutes = new BitSet();
  private final List<Doubt> doubts = new ArrayList<>();
  private final Map<String, Integer> reasons = new TreeMap<>();

  /** How the deliveries of a channel stand, and which of their attempts are marked. */
  private record Standings(Map<Integer, DeliveryState> states, Map<Integer, List<Integer>> marks) {}

  /**
   * A delivery that became UNKNOWN.
   *
   * @param attempt which attempt of it
   * @param reason why
   * @param at when the dispatcher learnt it
   */
  record Doubt(int person, Channel channel, int attempt, String reason, Instant at) {}

  private RecordAudit(People people) {
    this.people = people;
    for (Channel channel : Channel.values()) {
      byChannel.put(channel, new Standings(new HashMap<>(), new HashMap<>()));
    }
  }

  /** Reads the whole record of a run. */
  static RecordAudit read(Cluster cluster, People people) {
    RecordAudit audit = new RecordAudit(people);
    cluster
        .reader()
        .each(
            Topics.NOTICES,
            entry -> {
              if (entry.value() != null) {
                audit.take(entry.value());
              }
            });
    return audit;
  }

  private void take(Notice notice) {
    int person = people.ofUserId(notice.getUserId());
    known.set(person);
    substitutes.set(person, notice.getSubstitute().isPresent());
    for (Delivery delivery : notice.getDeliveries()) {
      Standings standings = of(delivery.getChannel());
      standings.states().put(person, delivery.getState());
      if (delivery.getPossibleDuplicates().isEmpty()) {
        standings.marks().remove(person);
      } else {
        standings.marks().put(person, delivery.getPossibleDuplicates());
      }
      boolean became =
          notice.getTransition().equals(UNKNOWN)
              && notice.getTransitionChannel().filter(delivery.getChannel()::equals).isPresent();
      if (became) {
        String reason = delivery.getReason().orElse("");
        reasons.merge(reason, 1, Integer::sum);
        doubts.add(
            new Doubt(
                person, delivery.getChannel(), delivery.getAttempts(), reason, notice.getAt()));
      }
    }
  }

  /** Every time a delivery became UNKNOWN. */
  List<Doubt> doubts() {
    return doubts;
  }

  /** The same, counted by reason. */
  Map<String, Integer> reasons() {
    return reasons;
  }

  /** People of whom there is no record. */
  int missing() {
    return people.count() - known.cardinality();
  }

  /** Attempts of a delivery that are listed as possible duplicates. */
  List<Integer> marks(int person, Channel channel) {
    return of(channel).marks().getOrDefault(person, List.of());
  }

  /** How a delivery stood last; null if there is no record of it. */
  @Nullable DeliveryState state(int person, Channel channel) {
    return of(channel).states().get(person);
  }

  /** Whether somebody is on the substitute-notice list. */
  boolean substitute(int person) {
    return substitutes.get(person);
  }

  private Standings of(Channel channel) {
    return Objects.requireNonNull(byChannel.get(channel));
  }
}
