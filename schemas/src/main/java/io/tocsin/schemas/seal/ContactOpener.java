package io.tocsin.schemas.seal;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.HybridDecrypt;
import com.google.crypto.tink.subtle.AesGcmJce;
import io.tocsin.avro.SealedContact;
import io.tocsin.schemas.contact.Contact;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Opens sealed contacts; the notifier alone has one. Unwrapping a data key costs a curve operation,
 * so the keys of the latest batches are kept in memory. Thread-safe.
 */
public final class ContactOpener {

  private static final int KEPT_DATA_KEYS = 4096;

  private final HybridDecrypt privateKey;
  private final Map<ByteBuffer, Aead> dataKeys =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Aead> eldest) {
          return size() > KEPT_DATA_KEYS;
        }
      };

  ContactOpener(HybridDecrypt privateKey) {
    this.privateKey = privateKey;
  }

  /**
   * Opens a contact.
   *
   * @throws UnopenableContactException if it was sealed for another key, another user or another
   *     channel, or was changed
   */
  public Contact open(String userId, SealedContact sealed) throws UnopenableContactException {
    try {
      byte[] clear =
          dataKey(sealed.getDataKey())
              .decrypt(
                  bytes(sealed.getCiphertext()),
                  ContactSealer.associatedData(sealed.getChannel().name(), userId));
      return Contact.parse(sealed.getChannel(), new String(clear, StandardCharsets.UTF_8));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new UnopenableContactException(userId, e);
    }
  }

  private Aead dataKey(ByteBuffer wrapped) throws GeneralSecurityException {
    ByteBuffer key = ByteBuffer.wrap(bytes(wrapped));
    synchronized (dataKeys) {
      Aead known = dataKeys.get(key);
      if (known != null) {
        return known;
      }
    }
    byte[] clear = privateKey.decrypt(key.array(), new byte[0]);
    Aead opened = new AesGcmJce(clear);
    Arrays.fill(clear, (byte) 0);
    synchronized (dataKeys) {
      dataKeys.put(key, opened);
    }
    return opened;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
