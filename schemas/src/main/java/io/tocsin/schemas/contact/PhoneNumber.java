package io.tocsin.schemas.contact;

import java.util.regex.Pattern;

/**
 * A phone number in clear, in E.164 form. Its {@link #toString} is redacted.
 *
 * @param value plus sign, country code and number: 8 to 15 digits
 */
public record PhoneNumber(String value) implements Contact {

  private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{7,14}");
  private static final Pattern SEPARATORS = Pattern.compile("[ ()\\-.\u00a0]");

  /**
   * Reads a number; blanks, brackets, dots and hyphens between digits are dropped.
   *
   * @throws InvalidContactException if it is not E.164; the message says why and never quotes it
   */
  public static PhoneNumber parse(String text) {
    String trimmed = text.strip();
    Contact.refuseControls(trimmed, "phone number");
    String digits = SEPARATORS.matcher(trimmed).replaceAll("");
    if (!E164.matcher(digits).matches()) {
      throw new InvalidContactException(
          "phone number: not E.164; write '+', the country code and the number, 8 to 15 digits");
    }
    return new PhoneNumber(digits);
  }

  @Override
  public String normalised() {
    return value;
  }

  @Override
  public String toString() {
    return "PhoneNumber[redacted]";
  }
}
