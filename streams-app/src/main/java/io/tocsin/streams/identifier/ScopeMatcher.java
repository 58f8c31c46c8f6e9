package io.tocsin.streams.identifier;

import io.tocsin.avro.DatasetScope;
import io.tocsin.avro.Holding;
import io.tocsin.avro.Interval;
import io.tocsin.avro.Scope;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether and how a scope touches a holding: datasets x exposure window x categories, less the
 * excepted users.
 */
final class ScopeMatcher {

  /** Categories exposed of each dataset; empty means all. */
  private final Map<String, Set<String>> datasets = new HashMap<>();

  private final Instant exposedFrom;
  private final Instant exposedUntil;
  private final Set<String> exceptUsers;

  ScopeMatcher(Scope scope) {
    for (DatasetScope dataset : scope.getDatasets()) {
      datasets.put(dataset.getDataset(), Set.copyOf(dataset.getCategories()));
    }
    this.exposedFrom = scope.getExposedFrom().orElse(Instant.MIN);
    this.exposedUntil = scope.getExposedUntil().orElse(Instant.MAX);
    this.exceptUsers = Set.copyOf(scope.getExceptUsers());
  }

  /** Whether the scope leaves this user out, whatever the holdings or the evidence say. */
  boolean excepts(String userId) {
    return exceptUsers.contains(userId);
  }

  /**
   * What of this holding was exposed: the categories of every interval that overlaps the window,
   * both half-open, as far as the scope names them.
   *
   * @return each category once; empty if the user is not affected
   */
  List<String> match(String dataset, String userId, Holding holding) {
    Set<String> exposed = datasets.get(dataset);
    if (exposed == null || exceptUsers.contains(userId)) {
      return List.of();
    }
    List<Interval> intervals = holding.getIntervals();
    if (exposed.isEmpty() && intervals.size() == 1) {
      Interval only = intervals.getFirst();
      return overlaps(only) ? distinct(only.getCategories()) : List.of();
    }
    Set<String> found = new LinkedHashSet<>();
    for (Interval interval : intervals) {
      if (overlaps(interval)) {
        for (String category : interval.getCategories()) {
          if (exposed.isEmpty() || exposed.contains(category)) {
            found.add(category);
          }
        }
      }
    }
    return List.copyOf(found);
  }

  private boolean overlaps(Interval interval) {
    return interval.getFrom().isBefore(exposedUntil)
        && interval.getUntil().map(until -> until.isAfter(exposedFrom)).orElse(true);
  }

  private static List<String> distinct(List<String> categories) {
    for (int i = 1; i < categories.size(); i++) {
      if (categories.subList(0, i).contains(categories.get(i))) {
        return List.copyOf(new LinkedHashSet<>(categories));
      }
    }
    return categories;
  }
}
