package io.tocsin.streams.dispatcher;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Whose notice of which incident. An incident's id has no slash, so the first one divides; a user's
 * may have more.
 *
 * @param incidentId the incident
 * @param userId the person
 */
record NoticeKey(String incidentId, String userId) {

  static NoticeKey parse(String key) {
    int slash = key.indexOf('/');
    return new NoticeKey(key.substring(0, slash), key.substring(slash + 1));
  }

  /** Before every key of the incident. */
  static String first(String incidentId) {
    return incidentId + '/';
  }

  /** Behind every key of the incident, and no key itself: '0' follows '/'. */
  static String last(String incidentId) {
    return incidentId + '0';
  }

  /** The least key that comes after this one. */
  static String after(String key) {
    return key + '\0';
  }

  /** Compares as stores do: by UTF-8 bytes. */
  static int compare(String a, String b) {
    return Arrays.compareUnsigned(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return incidentId + '/' + userId;
  }
}
