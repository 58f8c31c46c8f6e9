package io.tocsin.schemas.contact;

import io.tocsin.avro.Channel;

/**
 * A contact in clear. Only the importer, for the moment of sealing, and the notifier ever hold one.
 */
public sealed interface Contact permits EmailAddress, PhoneNumber {

  /** The contact itself. */
  String value();

  /** The form that is fingerprinted: equal for spellings that reach the same mailbox or handset. */
  String normalised();

  /** The channel this contact serves. */
  default Channel channel() {
    return switch (this) {
      case EmailAddress ignored -> Channel.EMAIL;
      case PhoneNumber ignored -> Channel.SMS;
    };
  }

  /**
   * Reads a contact of a channel.
   *
   * @throws InvalidContactException if it is not one; the message never quotes it
   */
  static Contact parse(Channel channel, String text) {
    return switch (channel) {
      case EMAIL -> EmailAddress.parse(text);
      case SMS -> PhoneNumber.parse(text);
    };
  }

  /**
   * Refuses what could break out of a header or disguise an address: C0 and C1 controls, line and
   * paragraph separators, Unicode bidi controls and other invisible format characters.
   */
  static void refuseControls(String text, String what) {
    boolean hostile =
        text.codePoints()
            .anyMatch(c ->
                Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT
                    || Character.getType(c) == Character.LINE_SEPARATOR
                    || Character.getType(c) == Character.PARAGRAPH_SEPARATOR);
    if (hostile) {
      throw new InvalidContactException(
          what + ": has a line break, control or invisible direction character; remove it");
    }
  }
}
