package io.tocsin.notifier.text;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who sends the notice and can be asked about it: the policy's clauses 9.3 and 10.
 *
 * @param name the name people know, as in "Any2text"
 * @param legalName the legal person
 * @param address its postal address
 * @param registration its registration number (BIN/IIN), if it has one
 * @param email where to write
 * @param phone where to call, if anywhere
 * @param localised names and address by locale, where they differ
 */
public record Controller(
    String name,
    String legalName,
    String address,
    @Nullable String registration,
    String email,
    @Nullable String phone,
    Map<String, Words> localised) {

  /** The parts of the requisites that differ by language; a null one is the same as everywhere. */
  public record Words(
      @Nullable String name, @Nullable String legalName, @Nullable String address) {}

  public Controller {
    name = required("name", name);
    legalName = required("legalName", legalName);
    address = required("address", address);
    email = required("email", email);
    registration = optional(registration);
    phone = optional(phone);
    localised = Map.copyOf(localised);
  }

  /** A controller whose requisites read the same in every language. */
  public Controller(
      String name,
      String legalName,
      String address,
      @Nullable String registration,
      String email,
      @Nullable String phone) {
    this(name, legalName, address, registration, email, phone, Map.of());
  }

  /** The requisites as a reader of {@code locale} sees them. */
  Controller in(String locale) {
    String key = LocaleFallback.match(locale, localised.keySet()).orElse(null);
    Words words = key == null ? null : localised.get(key);
    if (words == null) {
      return this;
    }
    return new Controller(
        orElse(words.name(), name),
        orElse(words.legalName(), legalName),
        orElse(words.address(), address),
        registration,
        email,
        phone);
  }

  private static String required(String field, String value) {
    String line = PlainText.line(value);
    if (line.isEmpty()) {
      throw new IllegalArgumentException("controller " + field + " is empty");
    }
    return line;
  }

  private static @Nullable String optional(@Nullable String value) {
    String line = value == null ? "" : PlainText.line(value);
    return line.isEmpty() ? null : line;
  }

  private static String orElse(@Nullable String special, String general) {
    String line = optional(special);
    return line == null ? general : line;
  }
}
