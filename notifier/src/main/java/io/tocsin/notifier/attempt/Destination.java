package io.tocsin.notifier.attempt;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import io.tocsin.avro.Channel;
import io.tocsin.schemas.contact.Contact;
import io.tocsin.schemas.contact.EmailAddress;
import io.tocsin.schemas.contact.PhoneNumber;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a provider can refuse us as a whole: the recipient's country for SMS, the recipient's domain
 * for e-mail.
 *
 * <p>A country is that of ISO 3166-1 rather than a calling code: providers permit countries, and +7
 * is Kazakhstan's and Russia's. A domain may be a person's own, so {@link #toString} shows
 * countries only.
 *
 * @param channel whose destination it is
 * @param value two letters, or a calling code with its plus sign where the country is not certain,
 *     or {@code unassigned}; a domain in lower-case ASCII
 */
public record Destination(Channel channel, String value) {

  private static final String UNASSIGNED = "unassigned";

  /** What libphonenumber calls a calling code of no one country, such as +800. */
  private static final String WORLD = "001";

  /** Where a message to a contact goes. */
  public static Destination of(Contact contact) {
    return switch (contact) {
      case EmailAddress email -> new Destination(Channel.EMAIL, domain(email));
      case PhoneNumber phone -> new Destination(Channel.SMS, country(phone));
    };
  }

  @Override
  public String toString() {
    return channel == Channel.SMS ? value : "a recipient domain";
  }

  private static String domain(EmailAddress email) {
    String address = email.value();
    return address.substring(address.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
  }

  private static String country(PhoneNumber phone) {
    PhoneNumberUtil numbers = PhoneNumberUtil.getInstance();
    try {
      var number = numbers.parse(phone.value(), "ZZ");
      @Nullable String country = numbers.getRegionCodeForNumber(number);
      return country == null || country.equals(WORLD) ? "+" + number.getCountryCode() : country;
    } catch (NumberParseException e) {
      // E.164 by its form, yet under a calling code that nobody has.
      return UNASSIGNED;
    }
  }
}
