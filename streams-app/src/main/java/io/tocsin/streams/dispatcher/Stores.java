package io.tocsin.streams.dispatcher;

import io.tocsin.avro.User;
import io.tocsin.streams.state.StoredIncident;
import io.tocsin.streams.state.StoredNotice;
import io.tocsin.streams.state.StoredTally;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What one partition keeps.
 *
 * @param users key: user id
 * @param incidents key: incident id
 * @param tallies key: incident id
 * @param notices key: {@link NoticeKey}
 * @param noticeIds key: notice id; value: its {@link NoticeKey}, for receipts, which name nothing
 *     but the delivery
 * @param userIncidents key: user id, a zero byte, incident id
 * @param due key: {@link Timers}
 * @param ready key: {@link ReadyQueue}
 */
record Stores(
    KeyValueStore<String, User> users,
    KeyValueStore<String, StoredIncident> incidents,
    KeyValueStore<String, StoredTally> tallies,
    KeyValueStore<String, StoredNotice> notices,
    KeyValueStore<String, String> noticeIds,
    KeyValueStore<String, byte[]> userIncidents,
    KeyValueStore<String, byte[]> due,
    KeyValueStore<String, byte[]> ready) {

  /** The value of entries that say all by their key. */
  static final byte[] PRESENT = {1};
}
