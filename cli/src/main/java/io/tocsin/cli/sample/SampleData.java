package io.tocsin.cli.sample;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Any number of invented people of a service like Any2text, and what its datasets held of them.
 * Each person follows from the seed and the place alone: the first thousand of a million are the
 * thousand of a sample of that size.
 *
 * <p>About four in five have both channels, the rest one; every ninth shares a contact with the one
 * before, as families do; every forty-seventh can be reached by no channel, because the stand-ins
 * refuse each of that person's contacts; every two-hundredth or so has a mailbox that is full at
 * first.
 */
public final class SampleData {

  /** The seed of the committed sample and of the demo. */
  public static final long DEFAULT_SEED = 20240401;

  /** More than this many people would share numbers. */
  public static final int MOST = 10_000_000;

  private static final int FAMILY_EVERY = 9;
  private static final int REFUSED_EVERY = 47;
  private static final int FULL_EVERY = 211;
  private static final int FIRST_FULL = 52;
  private static final int FIRST_FAMILY = 4;
  private static final int FIRST_REFUSED = 11;

  private final long seed;
  private final int size;

  /**
   * Describes a sample; nothing is invented before it is asked for.
   *
   * @param seed what everything follows from
   * @param size number of people, 1 to {@link #MOST}
   */
  public SampleData(long seed, int size) {
    if (size < 1 || size > MOST) {
      throw new IllegalArgumentException("A sample has 1 to " + MOST + " users, not " + size);
    }
    this.seed = seed;
    this.size = size;
  }

  /** Number of people. */
  public int size() {
    return size;
  }

  /** What everything follows from. */
  public long seed() {
    return seed;
  }

  /** Id of the person at a place. */
  public static String userId(int index) {
    return String.format(Locale.ROOT, "u-%07d", index + 1);
  }

  /** Everybody, in order; nothing is kept in memory. */
  public Stream<SampleUser> users() {
    return IntStream.range(0, size).mapToObj(this::user);
  }

  /** Everything held of everybody, in the order of the users; nothing is kept in memory. */
  public Stream<SampleHolding> holdings() {
    return users().flatMap(user -> holdings(user).stream());
  }

  /** What was held of one person. */
  public List<SampleHolding> holdings(SampleUser user) {
    return new SampleHoldings(user, new Dice(seed, user.index(), Dice.Purpose.HOLDINGS)).all();
  }

  /** The person at a place from 0. */
  public SampleUser user(int index) {
    if (index % REFUSED_EVERY == FIRST_REFUSED) {
      return refused(index);
    }
    boolean family = index % FAMILY_EVERY == FIRST_FAMILY;
    Contacts own = contacts(index);
    SampleUser other = family ? user(index - 1) : null;
    if (other == null || other.refused()) {
      return person(index, own, false);
    }
    Contacts theirs = new Contacts(other.email(), other.phone());
    return person(index, own.sharing(theirs, index / FAMILY_EVERY % 3), false);
  }

  /** By turns someone with an address only, a number only, and both; all refused. */
  private SampleUser refused(int index) {
    String email = SampleContacts.refusedEmail(index);
    String phone = SampleContacts.refusedPhone(index / REFUSED_EVERY);
    Contacts contacts =
        switch (index / REFUSED_EVERY % 3) {
          case 0 -> new Contacts(email, phone);
          case 1 -> new Contacts(email, null);
          default -> new Contacts(null, phone);
        };
    return person(index, contacts, true);
  }

  private SampleUser person(int index, Contacts contacts, boolean refused) {
    Dice dice = new Dice(seed, index, Dice.Purpose.PERSON);
    double language = dice.fraction();
    String locale = language < 0.45 ? "ru" : language < 0.8 ? "kk" : "en";
    String residency =
        switch (locale) {
          case "kk" -> dice.chance(0.95) ? "KZ" : "CN";
          case "ru" -> dice.pick(List.of("KZ", "KZ", "KZ", "RU", "UZ"));
          default -> dice.pick(List.of("KZ", "DE", "FR", "GB", "US"));
        };
    return new SampleUser(
        index, userId(index), locale, residency, contacts.email(), contacts.phone(), refused);
  }

  private Contacts contacts(int index) {
    Dice dice = new Dice(seed, index, Dice.Purpose.CONTACTS);
    String invented = SampleContacts.email(dice, index);
    boolean full = index % FULL_EVERY == FIRST_FULL;
    String email = full ? SampleContacts.fullEmail(index) : invented;
    String phone = SampleContacts.phone(index);
    double channels = dice.fraction();
    return channels < 0.78
        ? new Contacts(email, phone)
        : channels < 0.91 ? new Contacts(email, null) : new Contacts(null, phone);
  }

  private record Contacts(@Nullable String email, @Nullable String phone) {

    /** Takes the other's address, number or both, where the other has one. */
    Contacts sharing(Contacts other, int what) {
      String sharedEmail = what != 1 && other.email != null ? other.email : email;
      String sharedPhone = what != 0 && other.phone != null ? other.phone : phone;
      return new Contacts(sharedEmail, sharedPhone);
    }
  }
}
