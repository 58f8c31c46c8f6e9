package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import io.tocsin.avro.SealedContact;
import io.tocsin.avro.User;
import io.tocsin.avro.UserStatus;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A user as far as telling goes.
 *
 * @param missing why there is no contact, if there is none
 * @param locale the language the person reads; {@link #NO_LOCALE} if nobody knows
 * @param contacts at most one per channel
 */
record Person(String missing, String locale, Map<Channel, SealedContact> contacts) {

  /** There is no record of this user. */
  static final String UNKNOWN_USER = "unknown-user";

  /** There is a record, without any contact. */
  static final String NO_CHANNEL = "no-channel";

  /** The person's contacts were erased. */
  static final String ERASED = "erased";

  /** Undetermined, in BCP 47. */
  static final String NO_LOCALE = "und";

  private static final Person UNKNOWN = new Person(UNKNOWN_USER, NO_LOCALE, Map.of());

  /** What the directory says of a user; null if it says nothing. */
  static Person of(@Nullable User user) {
    if (user == null) {
      return UNKNOWN;
    }
    if (user.getStatus() == UserStatus.ERASED) {
      return new Person(ERASED, user.getLocale(), Map.of());
    }
    Map<Channel, SealedContact> contacts = new EnumMap<>(Channel.class);
    user.getContacts().forEach(contact -> contacts.put(contact.getChannel(), contact));
    return new Person(NO_CHANNEL, user.getLocale(), contacts);
  }

  @Nullable SealedContact contact(Channel channel) {
    return contacts.get(channel);
  }

  @Override
  public String toString() {
    return "Person[locale=" + locale + ", channels=" + contacts.keySet() + "]";
  }
}
