package io.tocsin.schemas.seal;

import com.google.crypto.tink.HybridEncrypt;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/** Seals bytes nobody could read, which may hold anything. Thread-safe. */
public final class DeadLetterSealer {

  static final byte[] CONTEXT = "tocsin dead letter".getBytes(StandardCharsets.UTF_8);

  private final HybridEncrypt publicKey;

  DeadLetterSealer(HybridEncrypt publicKey) {
    this.publicKey = publicKey;
  }

  /** Seals bytes; null stays null. */
  public @Nullable ByteBuffer seal(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      return ByteBuffer.wrap(publicKey.encrypt(bytes, CONTEXT));
    } catch (GeneralSecurityException e) {
      throw new KeyException("Cannot seal a dead letter", e);
    }
  }
}
