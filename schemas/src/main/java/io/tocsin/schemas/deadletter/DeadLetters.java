package io.tocsin.schemas.deadletter;

import io.tocsin.avro.DeadLetter;
import io.tocsin.schemas.seal.DeadLetterSealer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes dead letters: the original bytes sealed, where they came from, and why. Thread-safe. */
public final class DeadLetters {

  /** Keys that are plainly ids. Anything else could be an address and is hashed. */
  private static final Pattern PLAIN_ID = Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9._/!-]{1,200}");

  private static final String NO_KEY = "none";

  private final DeadLetterSealer sealer;
  private final String part;
  private final Clock clock;

  /**
   * Makes dead letters of one part.
   *
   * @param part which part could not process them
   */
  public DeadLetters(DeadLetterSealer sealer, String part, Clock clock) {
    this.sealer = sealer;
    this.part = part;
    this.clock = clock;
  }

  /**
   * Sets a record aside.
   *
   * @param reason one sentence saying what is wrong; never contents of the record
   */
  public DeadLetter of(
      String topic,
      int partition,
      long offset,
      byte @Nullable [] key,
      byte @Nullable [] value,
      DeadLetterCode code,
      String reason) {
    return DeadLetter.newBuilder()
        .setTopic(topic)
        .setPartition(partition)
        .setOffset(offset)
        .setPart(part)
        .setCode(code.word())
        .setReason(reason)
        .setSealedKey(sealer.seal(key))
        .setSealedValue(sealer.seal(value))
        .setAt(clock.instant())
        .build();
  }

  /** Key of the dead letter: the original one if it is an id, else its hash. */
  public static String key(byte @Nullable [] key) {
    if (key == null) {
      return NO_KEY;
    }
    String text = new String(key, StandardCharsets.UTF_8);
    return PLAIN_ID.matcher(text).matches() ? text : "hash-" + hash(key);
  }

  private static String hash(byte[] key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
