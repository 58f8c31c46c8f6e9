package io.tocsin.streams.identifier;

import static io.tocsin.streams.Samples.accepted;
import static io.tocsin.streams.Samples.between;
import static io.tocsin.streams.Samples.holding;
import static io.tocsin.streams.Samples.incident;
import static io.tocsin.streams.Samples.march;
import static io.tocsin.streams.Samples.since;
import static io.tocsin.streams.Samples.withdrawn;

import io.tocsin.avro.DatasetScope;
import io.tocsin.avro.Holding;
import io.tocsin.avro.IncidentShard;
import io.tocsin.avro.Scope;
import io.tocsin.schemas.id.HoldingKey;
import io.tocsin.streams.StateSerde;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What the world writes into one shard's two topics: holdings that come, change and go, and
 * incident versions, each with its barrier, at any moment between them.
 */
final class HoldingsWorld {

  static final StateSerde<Holding> SERDE = new StateSerde<>(Holding.getClassSchema());

  private static final List<String> DATASETS = List.of("registration", "purchases", "feedback");
  private static final List<String> CATEGORIES = List.of("email", "name", "phone");

  /** A record of the holdings topic. */
  record Written(String key, @Nullable Holding value) {}

  private final Random random;
  private final List<Written> holdings = new ArrayList<>();
  private final List<IncidentShard> incidents = new ArrayList<>();
  private final Map<String, Integer> barriers = new HashMap<>();
  private final int users;

  HoldingsWorld(Random random) {
    this.random = random;
    this.users = 1 + random.nextInt(12);
    boolean changes = random.nextBoolean();
    Map<String, Integer> versions = new HashMap<>();
    int events = random.nextInt(60);
    for (int i = 0; i < events; i++) {
      if (random.nextInt(8) == 0) {
        addIncident(versions);
      } else {
        addHolding(changes);
      }
    }
    if (incidents.isEmpty()) {
      addIncident(versions);
    }
  }

  List<Written> holdings() {
    return holdings;
  }

  List<IncidentShard> incidents() {
    return incidents;
  }

  /** Where in the holdings topic the barrier of a version stands. */
  int barrier(IncidentShard shard) {
    return Objects.requireNonNull(
        barriers.get(
            HoldingKey.barrier(
                shard.getIncident().getIncidentId(), shard.getIncident().getVersion())));
  }

  /** Whether a version is the last of its incident. */
  boolean isLatest(IncidentShard shard) {
    return incidents.stream()
        .filter(other ->
            other.getIncident().getIncidentId().equals(shard.getIncident().getIncidentId()))
        .allMatch(other -> other.getIncident().getVersion() <= shard.getIncident().getVersion());
  }

  private void addHolding(boolean changes) {
    String dataset = DATASETS.get(random.nextInt(DATASETS.size()));
    String key = dataset + "/u" + random.nextInt(users);
    if (!changes && holdings.stream().anyMatch(written -> written.key().equals(key))) {
      return;
    }
    holdings.add(new Written(key, random.nextInt(6) == 0 ? null : randomHolding()));
  }

  private Holding randomHolding() {
    if (random.nextInt(15) == 0) {
      return holding();
    }
    String[] some = someCategories().toArray(String[]::new);
    int from = 1 + random.nextInt(20);
    return random.nextBoolean()
        ? holding(since(from, some))
        : holding(between(from, from + 1 + random.nextInt(8), some), since(25, "email"));
  }

  private void addIncident(Map<String, Integer> versions) {
    String id = "INC-" + random.nextInt(3);
    int version = versions.merge(id, 1, Integer::sum);
    IncidentShard shard =
        accepted(
            random.nextInt(6) == 0 ? withdrawn(id, version) : incident(id, version, randomScope()),
            1);
    incidents.add(shard);
    String barrier = HoldingKey.barrier(id, version);
    barriers.put(barrier, holdings.size());
    holdings.add(new Written(barrier, null));
  }

  private Scope randomScope() {
    List<DatasetScope> datasets = new ArrayList<>();
    for (String dataset : DATASETS) {
      if (random.nextBoolean()) {
        datasets.add(
            new DatasetScope(dataset, random.nextBoolean() ? List.of() : someCategories()));
      }
    }
    if (datasets.isEmpty()) {
      datasets.add(new DatasetScope(DATASETS.getFirst(), List.of()));
    }
    int from = 1 + random.nextInt(20);
    return Scope.newBuilder()
        .setDatasets(datasets)
        .setExposedFrom(random.nextBoolean() ? march(from) : null)
        .setExposedUntil(random.nextBoolean() ? march(from + 1 + random.nextInt(10)) : null)
        .setExceptUsers(random.nextInt(3) == 0 ? List.of("u" + random.nextInt(users)) : List.of())
        .build();
  }

  private List<String> someCategories() {
    List<String> some = new ArrayList<>();
    for (String category : CATEGORIES) {
      if (random.nextBoolean()) {
        some.add(category);
      }
    }
    return some.isEmpty() ? List.of("email") : some;
  }
}
