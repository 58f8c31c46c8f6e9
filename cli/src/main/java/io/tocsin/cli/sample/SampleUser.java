package io.tocsin.cli.sample;

import org.jspecify.annotations.Nullable;

/**
 * An invented person. Its {@link #toString} is redacted like a real one's.
 *
 * @param index place in the sample, from 0
 * @param userId id at the operator
 * @param locale language the person reads: en, ru or kk
 * @param residency ISO 3166-1 alpha-2 country
 * @param email e-mail address, if any
 * @param phone E.164 number, if any
 * @param refused whether the stand-ins refuse every contact of this person for good
 */
public record SampleUser(
    int index,
    String userId,
    String locale,
    String residency,
    @Nullable String email,
    @Nullable String phone,
    boolean refused) {

  @Override
  public String toString() {
    return "SampleUser[" + userId + "]";
  }
}
