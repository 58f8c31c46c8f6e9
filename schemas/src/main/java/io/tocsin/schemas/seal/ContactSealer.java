package io.tocsin.schemas.seal;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.subtle.AesGcmJce;
import io.tocsin.avro.SealedContact;
import io.tocsin.schemas.contact.Contact;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Seals contacts of one import batch under one data key. Holds no key that could open what earlier
 * batches sealed.
 *
 * <p>The form is open to any producer: a fresh 32-byte AES-256-GCM key, itself encrypted by Tink's
 * hybrid encryption (HPKE, RFC 9180) for {@code contacts.public.json} with empty context; each
 * contact encrypted as 12-byte nonce, ciphertext, 16-byte tag, with {@link #associatedData} so that
 * a sealed contact cannot be moved to another user or channel. Thread-safe.
 */
public final class ContactSealer {

  private static final int KEY_BYTES = 32;

  private final byte[] wrappedDataKey;
  private final Aead dataKey;
  private final Fingerprints fingerprints;

  ContactSealer(HybridEncrypt publicKey, Fingerprints fingerprints) {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    try {
      this.dataKey = new AesGcmJce(key);
      this.wrappedDataKey = publicKey.encrypt(key, new byte[0]);
    } catch (GeneralSecurityException e) {
      throw new KeyException("Cannot wrap a data key", e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
    this.fingerprints = fingerprints;
  }

  /** Seals a contact of a user. */
  public SealedContact seal(String userId, Contact contact) {
    byte[] clear = contact.value().getBytes(StandardCharsets.UTF_8);
    try {
      return SealedContact.newBuilder()
          .setChannel(contact.channel())
          .setDataKey(ByteBuffer.wrap(wrappedDataKey))
          .setCiphertext(
              ByteBuffer.wrap(
                  dataKey.encrypt(clear, associatedData(contact.channel().name(), userId))))
          .setFingerprint(ByteBuffer.wrap(fingerprints.of(contact)))
          .build();
    } catch (GeneralSecurityException e) {
      throw new KeyException("Cannot seal a contact of user " + userId, e);
    }
  }

  /** Channel name, a zero byte, user id: what a sealed contact is bound to. */
  static byte[] associatedData(String channel, String userId) {
    return (channel + '\0' + userId).getBytes(StandardCharsets.UTF_8);
  }
}
