package io.tocsin.schemas.id;

import io.tocsin.avro.Channel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Ids of notices and deliveries. They are hashes of what they stand for, so whoever computes one
 * twice, after whatever crash, gets the same one.
 */
public final class NoticeIds {

  private static final int ID_BYTES = 16;
  private static final int REFERENCE_SYMBOLS = 10;

  /**
   * Crockford's base32: no I, L, O or U, so that a reference survives being read out over the
   * phone.
   */
  private static final String SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  private NoticeIds() {}

  /** The duty to tell one user of one incident: 32 hex digits, the first 128 bits of a SHA-256. */
  public static String noticeId(String incidentId, String userId, int edition) {
    byte[] hash = sha256(incidentId + '\0' + userId + '\0' + edition);
    return HexFormat.of().formatHex(hash, 0, ID_BYTES);
  }

  /** One channel of a notice: the notice's id and a letter. */
  public static String deliveryId(String noticeId, Channel channel) {
    return noticeId + suffix(channel);
  }

  /** The notice a delivery belongs to. */
  public static String noticeIdOf(String deliveryId) {
    return deliveryId.substring(0, deliveryId.length() - 2);
  }

  /**
   * The channel of a delivery.
   *
   * @throws IllegalArgumentException if the id is not a delivery's
   */
  public static Channel channelOf(String deliveryId) {
    for (Channel channel : Channel.values()) {
      if (deliveryId.endsWith(suffix(channel))) {
        return channel;
      }
    }
    throw new IllegalArgumentException("Not the id of a delivery: " + deliveryId);
  }

  /** What a message shows, {@code XXXXX-XXXXX}: 50 bits of the notice's id. */
  public static String reference(String noticeId) {
    long bits = Long.parseUnsignedLong(noticeId, 0, 16, 16) >>> (64 - 5 * REFERENCE_SYMBOLS);
    StringBuilder reference = new StringBuilder(REFERENCE_SYMBOLS + 1);
    for (int i = REFERENCE_SYMBOLS - 1; i >= 0; i--) {
      reference.append(SYMBOLS.charAt((int) (bits >>> (5 * i)) & 31));
      if (i == REFERENCE_SYMBOLS / 2) {
        reference.append('-');
      }
    }
    return reference.toString();
  }

  static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  private static String suffix(Channel channel) {
    return switch (channel) {
      case EMAIL -> "-e";
      case SMS -> "-s";
    };
  }
}
