package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Notices that became releasable behind the release walk: retries, re-issues, late holdings, new
 * contacts. Keys are the channel's name, a slash and the notice's key.
 */
final class ReadyQueue {

  private final KeyValueStore<String, byte[]> ready;

  ReadyQueue(KeyValueStore<String, byte[]> ready) {
    this.ready = ready;
  }

  void add(OpenIncident incident, Channel channel, String noticeKey) {
    ready.put(key(channel, noticeKey), Stores.PRESENT);
    String from = incident.readyFrom(channel);
    if (from == null || NoticeKey.compare(noticeKey, from) < 0) {
      incident.readyFrom(channel, noticeKey);
    }
  }

  void remove(Channel channel, String noticeKey) {
    ready.delete(key(channel, noticeKey));
  }

  /**
   * The first of the incident's notices that are ready, at most so many; what follows them is
   * looked at next time.
   */
  List<String> first(OpenIncident incident, Channel channel, int most) {
    String from = incident.readyFrom(channel);
    if (from == null) {
      return List.of();
    }
    int prefix = channel.name().length() + 1;
    List<String> keys = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> range =
        ready.range(key(channel, from), key(channel, NoticeKey.last(incident.id())))) {
      while (range.hasNext() && keys.size() < most) {
        keys.add(range.next().key.substring(prefix));
      }
      incident.readyFrom(channel, range.hasNext() ? range.peekNextKey().substring(prefix) : null);
    }
    return keys;
  }

  private static String key(Channel channel, String noticeKey) {
    return channel.name() + '/' + noticeKey;
  }
}
