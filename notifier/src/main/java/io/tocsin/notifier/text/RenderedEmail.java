package io.tocsin.notifier.text;

/**
 * One person's e-mail, ready to be put into a message.
 *
 * @param subject one line, never with CR, LF or another control character
 * @param text the text/plain part, lines ended by LF
 * @param html the text/html part: the same words in the same order
 * @param contentLanguage the BCP 47 tag of the language it is written in
 */
public record RenderedEmail(String subject, String text, String html, String contentLanguage) {

  /** SHA-256, in lower hex, of subject, text and html in UTF-8, with a zero octet between them. */
  public String hash() {
    return Digest.sha256Hex(subject, text, html);
  }

  @Override
  public String toString() {
    return "RenderedEmail[" + contentLanguage + ", " + text.length() + " characters]";
  }
}
