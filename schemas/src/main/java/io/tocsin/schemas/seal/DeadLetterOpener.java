package io.tocsin.schemas.seal;

import com.google.crypto.tink.HybridDecrypt;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;

/** Opens dead letters, for the operator who mends them. Thread-safe. */
public final class DeadLetterOpener {

  private final HybridDecrypt privateKey;

  DeadLetterOpener(HybridDecrypt privateKey) {
    this.privateKey = privateKey;
  }

  /**
   * The original bytes.
   *
   * @throws KeyException if they were sealed for another key, or were changed
   */
  public byte[] open(ByteBuffer sealed) {
    byte[] bytes = new byte[sealed.remaining()];
    sealed.duplicate().get(bytes);
    try {
      return privateKey.decrypt(bytes, DeadLetterSealer.CONTEXT);
    } catch (GeneralSecurityException e) {
      throw new KeyException("A dead letter was sealed for another key, or was changed", e);
    }
  }
}
