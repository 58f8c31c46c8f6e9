package io.tocsin.bench.identify;

import io.tocsin.avro.DatasetScope;
import io.tocsin.avro.Holding;
import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentKind;
import io.tocsin.avro.Interval;
import io.tocsin.avro.Scope;
import io.tocsin.schemas.id.HoldingKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * The holdings that everybody is measured with, by number, always the same: the first {@code
 * affected} are in the dataset that the incident exposes, in its window; of the others, one for
 * every {@value #AFFECTED_PER_OUTSIDE} affected is in it too, but left before the window, and the
 * rest are in another dataset.
 *
 * @param holdings how many there are
 * @param affected how many of them the incident touches
 * @param rounds how often a fan-out is measured; 0 leaves it to the number of affected
 */
record Workload(int holdings, int affected, int rounds) {

  static final String DATASET = "registration";
  static final String OTHER_DATASET = "access-log";

  private static final int SHORT = 250_000;
  private static final int AFFECTED_PER_OUTSIDE = 100;
  private static final int ID_DIGITS = 9;
  private static final Instant EPOCH = Instant.parse("2024-01-01T00:00:00Z");
  private static final Instant EXPOSED_FROM = Instant.parse("2025-06-01T00:00:00Z");
  private static final Instant EXPOSED_UNTIL = Instant.parse("2025-07-01T00:00:00Z");
  private static final List<String> CATEGORIES = List.of("name", "email", "password-hash");
  private static final List<String> OTHER_CATEGORIES = List.of("ip-address", "access-time");

  Workload {
    if (affected < 1 || affected > holdings) {
      throw new IllegalArgumentException("affected must be between 1 and the number of holdings");
    }
  }

  /** A user's number in the order of generation, from its id; allocates nothing. */
  static int numberOf(byte[] userId) {
    int number = 0;
    for (int i = userId.length - ID_DIGITS; i < userId.length; i++) {
      number = 10 * number + (userId[i] - '0');
    }
    return number;
  }

  /** Whether a fan-out is over so soon that more of them must be measured. */
  boolean isShort() {
    return affected < SHORT;
  }

  HoldingKey key(int number) {
    return new HoldingKey(
        number < affected || isOutside(number) ? DATASET : OTHER_DATASET, userId(number));
  }

  Holding holding(int number) {
    Instant from = EPOCH.plus(Duration.ofMinutes(number % 500_000));
    Optional<Instant> until =
        isOutside(number)
            ? Optional.of(from.plusSeconds(60))
            : number % 3 == 0 ? Optional.of(EXPOSED_UNTIL.plusSeconds(number)) : Optional.empty();
    List<String> categories =
        number < affected || isOutside(number)
            ? CATEGORIES.subList(0, 1 + number % CATEGORIES.size())
            : OTHER_CATEGORIES;
    return new Holding(List.of(new Interval(from, until.orElse(null), categories)));
  }

  /** Whether the incident touches a holding, worked out from the holding alone. */
  boolean isAffected(int number) {
    Interval interval = holding(number).getIntervals().getFirst();
    return key(number).dataset().equals(DATASET)
        && interval.getFrom().isBefore(EXPOSED_UNTIL)
        && interval.getUntil().map(until -> until.isAfter(EXPOSED_FROM)).orElse(true);
  }

  /** The numbers of all affected users, by brute force. */
  BitSet affectedNumbers() {
    BitSet numbers = new BitSet(holdings);
    for (int i = 0; i < holdings; i++) {
      if (isAffected(i)) {
        numbers.set(i);
      }
    }
    return numbers;
  }

  /** An incident that touches {@code affected} users. */
  static Incident incident(String id, int version) {
    return incident(
        id,
        version,
        Scope.newBuilder()
            .setDatasets(List.of(new DatasetScope(DATASET, List.of())))
            .setExposedFrom(EXPOSED_FROM)
            .setExposedUntil(EXPOSED_UNTIL)
            .build());
  }

  /** An incident that touches everybody in one dataset. */
  static Incident incidentIn(String id, String dataset) {
    return incident(
        id,
        1,
        Scope.newBuilder().setDatasets(List.of(new DatasetScope(dataset, List.of()))).build());
  }

  /** Start of the incident's window. */
  static Instant exposedFrom() {
    return EXPOSED_FROM;
  }

  /** End of the incident's window. */
  static Instant exposedUntil() {
    return EXPOSED_UNTIL;
  }

  static String userId(int number) {
    String digits = Integer.toString(number);
    return "u-" + "0".repeat(ID_DIGITS - digits.length()) + digits;
  }

  private boolean isOutside(int number) {
    return number >= affected && number - affected < affected / AFFECTED_PER_OUTSIDE;
  }

  private static Incident incident(String id, int version, Scope scope) {
    return Incident.newBuilder()
        .setIncidentId(id)
        .setVersion(version)
        .setKind(IncidentKind.DISCLOSURE)
        .setScope(scope)
        .setReporter("bench")
        .setReportedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
        .build();
  }
}
