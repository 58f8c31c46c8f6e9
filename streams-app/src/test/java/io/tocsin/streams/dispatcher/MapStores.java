package io.tocsin.streams.dispatcher;

import io.tocsin.avro.User;
import io.tocsin.streams.StateSerde;
import io.tocsin.streams.state.StoredIncident;
import io.tocsin.streams.state.StoredNotice;
import io.tocsin.streams.state.StoredTally;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** The stores of one partition, in memory, with transactions. */
final class MapStores {

  private static final Serde<User> USERS = new StateSerde<>(User.getClassSchema());
  private static final Serde<StoredIncident> INCIDENTS =
      new StateSerde<>(StoredIncident.getClassSchema());
  private static final Serde<StoredTally> TALLIES = new StateSerde<>(StoredTally.getClassSchema());
  private static final Serde<StoredNotice> NOTICES =
      new StateSerde<>(StoredNotice.getClassSchema());

  final MapStore<User> users = new MapStore<>(USERS);
  final MapStore<StoredIncident> incidents = new MapStore<>(INCIDENTS);
  final MapStore<StoredTally> tallies = new MapStore<>(TALLIES);
  final MapStore<StoredNotice> notices = new MapStore<>(NOTICES);
  final MapStore<String> noticeIds = new MapStore<>(Serdes.String());
  final MapStore<byte[]> userIncidents = new MapStore<>(Serdes.ByteArray());
  final MapStore<byte[]> due = new MapStore<>(Serdes.ByteArray());
  final MapStore<byte[]> ready = new MapStore<>(Serdes.ByteArray());

  private final List<MapStore<?>> all =
      List.of(users, incidents, tallies, notices, noticeIds, userIncidents, due, ready);

  Stores stores() {
    return new Stores(users, incidents, tallies, notices, noticeIds, userIncidents, due, ready);
  }

  Map<MapStore<?>, NavigableMap<byte[], byte[]>> snapshot() {
    Map<MapStore<?>, NavigableMap<byte[], byte[]>> snapshot = new HashMap<>();
    all.forEach(store -> snapshot.put(store, store.snapshot()));
    return snapshot;
  }

  void restore(Map<MapStore<?>, NavigableMap<byte[], byte[]>> snapshot) {
    snapshot.forEach(MapStore::restore);
  }

  long writes() {
    return all.stream().mapToLong(MapStore::writes).sum();
  }
}
