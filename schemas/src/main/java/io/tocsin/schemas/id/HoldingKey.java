package io.tocsin.schemas.id;

import java.util.Optional;

/**
 * Key of a holding: {@code dataset/userId}. A dataset's name has no slash, so the first one
 * divides; a user id may have more.
 *
 * @param dataset the dataset's id
 * @param userId the user's id
 */
public record HoldingKey(String dataset, String userId) {

  /** Begins the keys of barriers, which are no holdings; a dataset's name cannot begin with it. */
  private static final String BARRIER = "!barrier/";

  /** Reads a key; empty if it is not of this form. */
  public static Optional<HoldingKey> parse(String key) {
    int slash = key.indexOf('/');
    return slash <= 0 || slash == key.length() - 1 || isBarrier(key)
        ? Optional.empty()
        : Optional.of(new HoldingKey(key.substring(0, slash), key.substring(slash + 1)));
  }

  /**
   * Key of the tombstone that intake writes into every partition of holdings behind an accepted
   * incident version: whoever reads it has read every holding published before.
   */
  public static String barrier(String incidentId, int version) {
    return BARRIER + incidentId + '/' + version;
  }

  /** Whether a key of the holdings topic is a barrier's. */
  public static boolean isBarrier(String key) {
    return key.startsWith(BARRIER);
  }

  @Override
  public String toString() {
    return dataset + '/' + userId;
  }
}
