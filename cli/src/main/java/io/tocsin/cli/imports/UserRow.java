package io.tocsin.cli.imports;

import io.tocsin.avro.Channel;
import io.tocsin.avro.SealedContact;
import io.tocsin.avro.User;
import io.tocsin.schemas.contact.Contact;
import io.tocsin.schemas.contact.InvalidContactException;
import io.tocsin.schemas.seal.ContactSealer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A person as a row tells of one, with contacts in clear: to be sealed at once. Its {@link
 * #toString} is redacted.
 *
 * @param locale BCP 47 tag; {@code und} when the row leaves it out, which reads the notice's
 *     default language
 */
record UserRow(String userId, String locale, @Nullable String residency, List<Contact> contacts) {

  static final List<String> COLUMNS = List.of("userId", "locale", "residency", "email", "phone");

  static final String UNDETERMINED = "und";
  private static final Pattern LANGUAGE_TAG =
      Pattern.compile("[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8})*");
  private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

  UserRow {
    contacts = List.copyOf(contacts);
  }

  /** Reads a row. */
  static UserRow of(Fields fields) throws InvalidRowException {
    String userId = UserIds.check(fields.required("userId"));
    List<Contact> contacts = new ArrayList<>(2);
    contact(fields, "email", Channel.EMAIL, contacts);
    contact(fields, "phone", Channel.SMS, contacts);
    return new UserRow(userId, locale(fields), residency(fields), contacts);
  }

  /** The person as the topic holds one. */
  User seal(ContactSealer sealer) {
    List<SealedContact> sealed = new ArrayList<>(contacts.size());
    for (Contact contact : contacts) {
      sealed.add(sealer.seal(userId, contact));
    }
    return User.newBuilder().setLocale(locale).setResidency(residency).setContacts(sealed).build();
  }

  @Override
  public String toString() {
    return "UserRow[" + userId + "]";
  }

  private static void contact(Fields fields, String column, Channel channel, List<Contact> contacts)
      throws InvalidRowException {
    String text = fields.get(column);
    if (text.isBlank()) {
      return;
    }
    try {
      contacts.add(Contact.parse(channel, text));
    } catch (InvalidContactException e) {
      throw new InvalidRowException(String.valueOf(e.getMessage()));
    }
  }

  private static String locale(Fields fields) throws InvalidRowException {
    String tag = fields.get("locale").strip();
    if (tag.isEmpty()) {
      return UNDETERMINED;
    }
    if (!LANGUAGE_TAG.matcher(tag).matches()) {
      throw new InvalidRowException("locale: not a language tag such as kk, ru or en-GB");
    }
    return tag.replace('_', '-');
  }

  private static @Nullable String residency(Fields fields) throws InvalidRowException {
    String country = fields.get("residency").strip();
    if (country.isEmpty()) {
      return null;
    }
    if (!COUNTRIES.contains(country)) {
      throw new InvalidRowException("residency: not a country of ISO 3166-1 such as KZ");
    }
    return country;
  }
}
