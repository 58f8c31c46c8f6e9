package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import io.tocsin.avro.DeliveryState;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * An incident's counts in one partition, kept exact by the difference each step makes. Not
 * thread-safe; owned by its task.
 */
final class Tally {

  private final TreeMap<Integer, Map<String, Long>> affected = new TreeMap<>();
  private final Map<Channel, Map<DeliveryState, Long>> states = new EnumMap<>(Channel.class);
  private final Map<Channel, Long> marked = new EnumMap<>(Channel.class);
  private final Map<PersonState, Long> begun = new EnumMap<>(PersonState.class);
  private long people;
  private int version;
  private long substitutes;
  private long notices;
  private long lastAcceptedAt;

  Tally() {
    for (Channel channel : Channel.values()) {
      states.put(channel, new EnumMap<>(DeliveryState.class));
      marked.put(channel, 0L);
    }
  }

  /** From now on people and substitutes count for this version, beginning with nobody. */
  void identified(int identifiedVersion) {
    version = identifiedVersion;
    begun.clear();
    substitutes = 0;
    affected.headMap(identifiedVersion).clear();
  }

  /** Counts a step: what was no more, what is now. */
  void count(NoticeState before, NoticeState after, boolean first) {
    if (first) {
      people++;
    }
    countAffected(before, -1);
    countAffected(after, 1);
    countDeliveries(before, -1);
    countDeliveries(after, 1);
    if (version > 0 && before.countedVersion() == version) {
      countPerson(before, -1);
    }
    if (version > 0) {
      countPerson(after, 1);
    }
  }

  void acceptedAt(long at) {
    lastAcceptedAt = Math.max(lastAcceptedAt, at);
  }

  private void countAffected(NoticeState notice, int sign) {
    int seen = 0;
    for (int i = 0; i < notice.entries().size(); i++) {
      int entryVersion = notice.entries().get(i).version();
      if (entryVersion == seen || entryVersion < version || repeats(notice, i)) {
        continue;
      }
      seen = entryVersion;
      affected
          .computeIfAbsent(entryVersion, v -> new HashMap<>())
          .merge(notice.locale(), (long) sign, (a, b) -> a + b == 0 ? null : a + b);
    }
  }

  private static boolean repeats(NoticeState notice, int index) {
    for (int i = 0; i < index; i++) {
      if (notice.entries().get(i).version() == notice.entries().get(index).version()) {
        return true;
      }
    }
    return false;
  }

  private void countDeliveries(NoticeState notice, int sign) {
    notices += (long) sign * notice.editions().size();
    for (EditionState edition : notice.editions()) {
      for (ChannelDelivery delivery : edition.deliveries()) {
        of(delivery.channel()).merge(delivery.state(), (long) sign, Long::sum);
        int marks = delivery.doubts().marked().size();
        if (marks > 0) {
          marked.merge(delivery.channel(), (long) sign * marks, Long::sum);
        }
      }
    }
  }

  private void countPerson(NoticeState notice, int sign) {
    EditionState last = notice.last();
    if (last == null || !notice.affectedBy(version)) {
      return;
    }
    begun.merge(PersonState.of(notice, version), (long) sign, Long::sum);
    if (last.substitute() != null) {
      substitutes += sign;
    }
  }

  private Map<DeliveryState, Long> of(Channel channel) {
    return Objects.requireNonNull(states.get(channel));
  }

  /** Deliveries of a channel in a state. */
  long deliveries(Channel channel, DeliveryState state) {
    return of(channel).getOrDefault(state, 0L);
  }

  /** Commands of a channel that no outcome has answered. */
  long outstanding(Channel channel) {
    return deliveries(channel, DeliveryState.SENDING)
        + deliveries(channel, DeliveryState.RECONCILING);
  }

  /** Users affected by a version, by language. */
  Map<String, Long> affected(int ofVersion) {
    return affected.getOrDefault(ofVersion, Map.of());
  }

  /** How many users a version affects. */
  long affectedCount(int ofVersion) {
    return affected(ofVersion).values().stream().mapToLong(Long::longValue).sum();
  }

  /** Whether some notice may stand there for anything but this version alone. */
  boolean hasHistory(int ofVersion) {
    return notices > 0 || people != affectedCount(ofVersion);
  }

  long people() {
    return people;
  }

  int version() {
    return version;
  }

  /** Affected people whose every delivery is explained. */
  long explained() {
    return begun(PersonState.TOLD) + begun(PersonState.SUBSTITUTE) + begun(PersonState.CLOSED);
  }

  private long begun(PersonState state) {
    return begun.getOrDefault(state, 0L);
  }

  /** Everybody affected by the identified version, by where they stand; nobody is left out. */
  Map<PersonState, Long> standing() {
    Map<PersonState, Long> standing = new EnumMap<>(begun);
    long all = begun.values().stream().mapToLong(Long::longValue).sum();
    standing.put(PersonState.WAITING, affectedCount(version) - all);
    standing.values().removeIf(count -> count == 0);
    return standing;
  }

  long substitutes() {
    return substitutes;
  }

  long notices() {
    return notices;
  }

  long marked(Channel channel) {
    return marked.getOrDefault(channel, 0L);
  }

  long lastAcceptedAt() {
    return lastAcceptedAt;
  }

  Map<Integer, Map<String, Long>> affected() {
    return affected;
  }

  /** Restores what was kept. */
  void restore(
      long keptPeople,
      int keptVersion,
      long keptSubstitutes,
      long keptNotices,
      long keptLastAcceptedAt) {
    people = keptPeople;
    version = keptVersion;
    substitutes = keptSubstitutes;
    notices = keptNotices;
    lastAcceptedAt = keptLastAcceptedAt;
  }

  void restorePeople(PersonState state, long count) {
    begun.put(state, count);
  }

  void restoreAffected(int ofVersion, Map<String, Long> locales) {
    affected.put(ofVersion, new HashMap<>(locales));
  }

  void restoreDeliveries(Channel channel, Map<String, Long> byState, long keptMarked) {
    byState.forEach((state, count) -> of(channel).put(DeliveryState.valueOf(state), count));
    marked.put(channel, keptMarked);
  }
}
