package io.tocsin.notifier.receipts;

import com.google.crypto.tink.prf.Prf;
import com.google.crypto.tink.prf.PrfSet;
import io.tocsin.avro.Channel;
import io.tocsin.schemas.id.NoticeIds;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Tokens that travel with a message and come back with its receipt. A token names no person: it
 * holds the partition of users, the delivery and the attempt, and an 80-bit MAC. 30 octets in
 * base32 (RFC 4648, lower case, read in any case): 48 characters, within a local part's 64 octets.
 * Thread-safe.
 */
public final class ReceiptTokens {

  private static final int NOTICE_BYTES = 16;
  private static final int BODY_BYTES = 2 + NOTICE_BYTES + 2;
  private static final int MAC_BYTES = 10;
  private static final int SMS_BIT = 0x8000;
  private static final int MAX_ATTEMPT = 0x7fff;
  private static final String SYMBOLS = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int LENGTH = (BODY_BYTES + MAC_BYTES) * 8 / 5;

  private final PrfSet keys;

  /** Tokens under a set of keys: the primary one signs, each of them is accepted. */
  public ReceiptTokens(PrfSet keys) {
    this.keys = keys;
  }

  /**
   * What a token says.
   *
   * @param usersPartition the partition of users that the person lives in
   * @param deliveryId the delivery
   * @param attempt the attempt, from 1
   */
  public record Receipt(int usersPartition, String deliveryId, int attempt) {}

  /**
   * Makes a token.
   *
   * @throws IllegalArgumentException if the id is not a delivery's, or a number is out of range
   */
  public String issue(int usersPartition, String deliveryId, int attempt) {
    if (usersPartition < 0 || usersPartition > 0xffff || attempt < 0 || attempt > MAX_ATTEMPT) {
      throw new IllegalArgumentException("partition " + usersPartition + " or attempt " + attempt);
    }
    byte[] notice = HexFormat.of().parseHex(NoticeIds.noticeIdOf(deliveryId));
    if (notice.length != NOTICE_BYTES) {
      throw new IllegalArgumentException("not the id of a delivery: " + deliveryId);
    }
    int sms = NoticeIds.channelOf(deliveryId) == Channel.SMS ? SMS_BIT : 0;
    byte[] body =
        ByteBuffer.allocate(BODY_BYTES)
            .putShort((short) usersPartition)
            .put(notice)
            .putShort((short) (attempt | sms))
            .array();
    try {
      return encode(body, keys.computePrimary(body, MAC_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a receipt token cannot be signed", e);
    }
  }

  /** Reads a token; empty if it is not one of ours. */
  public Optional<Receipt> read(String token) {
    byte[] bytes = decode(token);
    if (bytes.length != BODY_BYTES + MAC_BYTES) {
      return Optional.empty();
    }
    byte[] body = Arrays.copyOf(bytes, BODY_BYTES);
    byte[] mac = Arrays.copyOfRange(bytes, BODY_BYTES, bytes.length);
    return isSigned(body, mac) ? Optional.of(parse(ByteBuffer.wrap(body))) : Optional.empty();
  }

  private boolean isSigned(byte[] body, byte[] mac) {
    boolean signed = false;
    try {
      for (Prf key : keys.getPrfs().values()) {
        signed |= MessageDigest.isEqual(mac, key.compute(body, MAC_BYTES));
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a receipt token cannot be checked", e);
    }
    return signed;
  }

  private static Receipt parse(ByteBuffer body) {
    int partition = Short.toUnsignedInt(body.getShort());
    byte[] notice = new byte[NOTICE_BYTES];
    body.get(notice);
    int attempt = Short.toUnsignedInt(body.getShort());
    Channel channel = (attempt & SMS_BIT) == 0 ? Channel.EMAIL : Channel.SMS;
    return new Receipt(
        partition,
        NoticeIds.deliveryId(HexFormat.of().formatHex(notice), channel),
        attempt & MAX_ATTEMPT);
  }

  private static String encode(byte[] body, byte[] mac) {
    StringBuilder text = new StringBuilder(LENGTH);
    long bits = 0;
    int held = 0;
    for (int i = 0; i < BODY_BYTES + MAC_BYTES; i++) {
      bits = (bits << 8) | ((i < BODY_BYTES ? body[i] : mac[i - BODY_BYTES]) & 0xff);
      held += 8;
      while (held >= 5) {
        held -= 5;
        text.append(SYMBOLS.charAt((int) (bits >>> held) & 31));
      }
    }
    return text.toString();
  }

  private static byte[] decode(String text) {
    if (text.length() != LENGTH) {
      return new byte[0];
    }
    byte[] bytes = new byte[BODY_BYTES + MAC_BYTES];
    long bits = 0;
    int held = 0;
    int at = 0;
    for (int i = 0; i < LENGTH; i++) {
      char c = text.charAt(i);
      int symbol = SYMBOLS.indexOf(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
      if (symbol < 0) {
        return new byte[0];
      }
      bits = (bits << 5) | symbol;
      held += 5;
      if (held >= 8) {
        held -= 8;
        bytes[at++] = (byte) (bits >>> held);
      }
    }
    return bytes;
  }
}
