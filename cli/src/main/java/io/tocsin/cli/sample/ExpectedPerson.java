package io.tocsin.cli.sample;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Someone the plain scan found affected: one line of {@code expected.jsonl}. Its {@link #toString}
 * is redacted.
 *
 * @param userId the person
 * @param locale language the person reads
 * @param email where an e-mail must arrive, if the person has an address
 * @param phone where an SMS must arrive, if the person has a number
 * @param categories what of this person's data was exposed, in the catalogue's order
 * @param emailRefused whether the mail sink refuses the address
 * @param smsRefused whether the Twilio stand-in refuses the number
 * @param reference what the messages must show
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ExpectedPerson(
    String userId,
    String locale,
    @Nullable String email,
    @Nullable String phone,
    List<String> categories,
    boolean emailRefused,
    boolean smsRefused,
    String reference) {

  /** Whether an e-mail must arrive. */
  public boolean emailDue() {
    return email != null && !emailRefused;
  }

  /** Whether an SMS must arrive. */
  public boolean smsDue() {
    return phone != null && !smsRefused;
  }

  /** Whether no channel reaches the person: the substitute-notice list. */
  public boolean unreachable() {
    return !emailDue() && !smsDue();
  }

  @Override
  public String toString() {
    return "ExpectedPerson[" + userId + ", " + reference + "]";
  }
}
