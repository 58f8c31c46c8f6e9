package io.tocsin.notifier.text;

/**
 * One person's SMS.
 *
 * @param body at most 1,600 characters
 * @param segments what it costs
 * @param contentLanguage the BCP 47 tag of the language it is written in
 */
public record RenderedSms(String body, SmsSegments segments, String contentLanguage) {

  /** SHA-256, in lower hex, of the body in UTF-8. */
  public String hash() {
    return Digest.sha256Hex(body);
  }

  @Override
  public String toString() {
    return "RenderedSms[" + contentLanguage + ", " + segments + "]";
  }
}
