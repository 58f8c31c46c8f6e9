package io.tocsin.system;

import java.util.List;

/**
 * A message as a mail server kept it. Its {@link #toString} is redacted.
 *
 * @param recipient whom the envelope named
 * @param messageId its Message-ID
 * @param language its Content-Language
 * @param subject its subject, decoded
 * @param text its plain text part
 * @param html its HTML part
 * @param references the references it shows
 * @param autoSubmitted its Auto-Submitted
 */
record ReceivedMail(
    String recipient,
    String messageId,
    String language,
    String subject,
    String text,
    String html,
    List<String> references,
    String autoSubmitted) {

  /** The one reference that it shows. */
  String reference() {
    if (references.size() != 1) {
      throw new AssertionError(
          "Message " + messageId + " shows " + references.size() + " references");
    }
    return references.getFirst();
  }

  @Override
  public String toString() {
    return "ReceivedMail[" + references + ", " + language + "]";
  }
}
