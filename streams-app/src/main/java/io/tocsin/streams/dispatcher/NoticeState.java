package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one user is owed for one incident. Immutable.
 *
 * @param entries who says that what of this user was exposed
 * @param locale the user's language
 * @param editions every edition, oldest first; only the last one sends
 * @param timerAt the timer that is set, in epoch ms; 0 for none
 * @param countedVersion the identified version under which it is counted; 0 for none
 */
record NoticeState(
    List<Entry> entries,
    String locale,
    List<EditionState> editions,
    long timerAt,
    int countedVersion) {

  static final NoticeState EMPTY = new NoticeState(List.of(), Person.NO_LOCALE, List.of(), 0, 0);

  /**
   * What was exposed of this user in one dataset, by one version.
   *
   * @param version the incident version that says so
   * @param dataset the dataset
   * @param categories the categories
   */
  record Entry(int version, String dataset, Set<String> categories) {}

  /** Whether it is the very same object, so that nothing changed. */
  @SuppressWarnings("ReferenceEquality")
  boolean isStill(NoticeState other) {
    return this == other;
  }

  @Nullable EditionState last() {
    return editions.isEmpty() ? null : editions.getLast();
  }

  @Nullable EditionState edition(String noticeId) {
    for (EditionState edition : editions) {
      if (edition.noticeId().equals(noticeId)) {
        return edition;
      }
    }
    return null;
  }

  /** Whether this version touches the user. */
  boolean affectedBy(int version) {
    for (Entry entry : entries) {
      if (entry.version() == version) {
        return true;
      }
    }
    return false;
  }

  /** Everything this version says was exposed. */
  Set<String> categories(int version) {
    Set<String> all = new HashSet<>();
    for (Entry entry : entries) {
      if (entry.version() == version) {
        all.addAll(entry.categories());
      }
    }
    return all;
  }

  /**
   * Whether this version exposes something that no edition the person was told, or is being told,
   * names.
   */
  boolean namesTooLittle(int version) {
    Set<String> left = categories(version);
    for (EditionState edition : editions) {
      if (edition.number() == editions.size() || edition.told()) {
        edition.categories().forEach(left::remove);
      }
    }
    return !left.isEmpty();
  }

  /** Whether releasing it for this version would begin to tell somebody: what a canary counts. */
  boolean begins(int version) {
    EditionState last = last();
    return affectedBy(version)
        && (last == null || (last.told() ? namesTooLittle(version) : last.closed() != null));
  }

  /** Whether releasing it for this version on these channels would change anything. */
  boolean wants(int version, Set<Channel> channels) {
    EditionState last = last();
    if (last == null) {
      return affectedBy(version);
    }
    if (last.closed() != null || (last.version() != version && !last.told())) {
      return affectedBy(version);
    }
    for (ChannelDelivery delivery : last.deliveries()) {
      if (channels.contains(delivery.channel()) && delivery.releasable()) {
        return true;
      }
    }
    return namesTooLittle(version);
  }

  /** Whether the person needs no further thought, as far as this version goes. */
  boolean explained(int version) {
    EditionState last = last();
    return last != null && last.explained() && (last.closed() != null || !namesTooLittle(version));
  }

  /** When something is to happen by itself, in epoch ms; 0 for never. */
  long nextDue() {
    long next = 0;
    for (EditionState edition : editions) {
      for (ChannelDelivery delivery : edition.deliveries()) {
        long due = delivery.dueAt();
        if (due != 0 && (next == 0 || due < next)) {
          next = due;
        }
      }
    }
    return next;
  }

  NoticeState with(EditionState edition) {
    List<EditionState> changed =
        edition.number() > editions.size()
            ? Stream.concat(editions.stream(), Stream.of(edition)).toList()
            : editions.stream()
                .map(each -> each.number() == edition.number() ? edition : each)
                .toList();
    return new NoticeState(entries, locale, changed, timerAt, countedVersion);
  }

  NoticeState withEntries(List<Entry> changed) {
    return new NoticeState(changed, locale, editions, timerAt, countedVersion);
  }

  NoticeState withLocale(String changed) {
    return changed.equals(locale)
        ? this
        : new NoticeState(entries, changed, editions, timerAt, countedVersion);
  }

  NoticeState withTimer(long at) {
    return new NoticeState(entries, locale, editions, at, countedVersion);
  }

  NoticeState counted(int version) {
    return version == countedVersion
        ? this
        : new NoticeState(entries, locale, editions, timerAt, version);
  }
}
