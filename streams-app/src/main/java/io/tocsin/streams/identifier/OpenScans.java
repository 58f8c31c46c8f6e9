package io.tocsin.streams.identifier;

import io.tocsin.avro.IncidentShard;
import io.tocsin.streams.state.ScanPhase;
import io.tocsin.streams.state.ScanState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Every incident of one shard, and the reading of the shard's store for those whose scan is not
 * done: in turns, a slice each, until the budget is spent, so that a small incident does not wait
 * behind a large one. No iterator outlives a call.
 */
final class OpenScans {

  /** Records of one incident before the next one's turn. */
  private static final int SLICE = 512;

  private final KeyValueStore<String, IncidentShard> incidents;
  private final KeyValueStore<String, ScanState> states;
  private final Function<IncidentShard, List<Bytes>> ranges;
  private final Map<String, OpenScan> scans = new LinkedHashMap<>();
  private final Map<String, List<OpenScan>> byDataset = new HashMap<>();
  private final List<OpenScan> running = new ArrayList<>();
  private int turn;

  /** What is done with a record that a scan reads. */
  @FunctionalInterface
  interface Visitor {
    void visit(OpenScan scan, int range, Bytes key, byte[] value);
  }

  /**
   * Reads what the stores hold.
   *
   * @param ranges the prefixes of the keys an incident must read, each ending in a slash
   */
  OpenScans(
      KeyValueStore<String, IncidentShard> incidents,
      KeyValueStore<String, ScanState> states,
      Function<IncidentShard, List<Bytes>> ranges) {
    this.incidents = incidents;
    this.states = states;
    this.ranges = ranges;
    try (KeyValueIterator<String, ScanState> all = states.all()) {
      while (all.hasNext()) {
        KeyValue<String, ScanState> each = all.next();
        IncidentShard shard = incidents.get(each.key);
        show(
            OpenScan.restored(
                each.key, shard, shard == null ? List.of() : ranges.apply(shard), each.value));
      }
    }
  }

  /** The incident's scan, if anything of it is known here. */
  @Nullable OpenScan get(String incidentId) {
    return scans.get(incidentId);
  }

  Collection<OpenScan> all() {
    return scans.values();
  }

  /** The accepted incidents whose scope names a dataset. */
  List<OpenScan> naming(String dataset) {
    return byDataset.getOrDefault(dataset, List.of());
  }

  /** Whether there is anything to read. */
  boolean isRunning() {
    return !running.isEmpty();
  }

  /** Begins with a version, in place of any earlier one. */
  OpenScan accept(IncidentShard shard, int barrier, ScanPhase phase) {
    OpenScan scan = OpenScan.of(shard, ranges.apply(shard), barrier, phase);
    incidents.put(scan.incidentId(), shard);
    save(scan);
    return scan;
  }

  /** Remembers a barrier whose incident is not here yet. */
  void expect(String incidentId, int barrier) {
    save(OpenScan.waitingForIncident(incidentId, barrier));
  }

  /** Stores a scan as it stands, and takes its phase into account. */
  void save(OpenScan scan) {
    states.put(scan.incidentId(), scan.state());
    show(scan);
  }

  /**
   * Reads on, within a budget.
   *
   * @return the scans that came to their end, in the order in which they did; their phase is DONE
   */
  List<OpenScan> run(KeyValueStore<Bytes, byte[]> store, Visitor visitor, ScanBudget budget) {
    List<OpenScan> finished = new ArrayList<>();
    Set<OpenScan> touched = new LinkedHashSet<>();
    while (!running.isEmpty() && !budget.isSpent()) {
      turn %= running.size();
      OpenScan scan = running.get(turn);
      touched.add(scan);
      if (step(scan, store, visitor, budget)) {
        scan.phase(ScanPhase.DONE);
        running.remove(turn);
        finished.add(scan);
      } else {
        turn++;
      }
    }
    touched.forEach(this::save);
    return finished;
  }

  /** Reads at most a slice; true when nothing is left to read. */
  private static boolean step(
      OpenScan scan, KeyValueStore<Bytes, byte[]> store, Visitor visitor, ScanBudget budget) {
    List<Bytes> prefixes = scan.ranges();
    int left = SLICE;
    while (scan.cursor().range() < prefixes.size()) {
      Bytes prefix = prefixes.get(scan.cursor().range());
      try (KeyValueIterator<Bytes, byte[]> records =
          store.range(scan.cursor().from(prefix), ScanCursor.until(prefix))) {
        Bytes last = null;
        boolean more = records.hasNext();
        while (more && left > 0 && budget.take()) {
          KeyValue<Bytes, byte[]> each = records.next();
          // range() includes its upper end.
          if (startsWith(each.key, prefix)) {
            visitor.visit(scan, scan.cursor().range(), each.key, each.value);
          }
          last = each.key;
          left--;
          more = records.hasNext();
        }
        if (more) {
          if (last != null) {
            scan.cursor(scan.cursor().behind(last));
          }
          return false;
        }
      }
      scan.cursor(scan.cursor().nextRange());
    }
    return true;
  }

  private void show(OpenScan scan) {
    OpenScan before = scans.put(scan.incidentId(), scan);
    if (before != scan) {
      if (before != null) {
        running.remove(before);
        byDataset.values().forEach(named -> named.remove(before));
      }
      for (String dataset : scan.datasets()) {
        byDataset.computeIfAbsent(dataset, key -> new ArrayList<>()).add(scan);
      }
    }
    if (scan.phase() != ScanPhase.SCANNING) {
      running.remove(scan);
    } else if (!running.contains(scan)) {
      running.add(scan);
    }
  }

  private static boolean startsWith(Bytes key, Bytes prefix) {
    byte[] bytes = key.get();
    byte[] start = prefix.get();
    return bytes.length >= start.length
        && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }
}
