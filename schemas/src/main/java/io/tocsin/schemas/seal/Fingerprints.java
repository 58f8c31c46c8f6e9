package io.tocsin.schemas.seal;

import com.google.crypto.tink.prf.PrfSet;
import io.tocsin.schemas.contact.Contact;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/**
 * Keyed hashes of contacts: equal for equal contacts, and of no use without the key. Thread-safe.
 */
public final class Fingerprints {

  private static final int BYTES = 16;

  private final PrfSet prf;

  Fingerprints(PrfSet prf) {
    this.prf = prf;
  }

  /** HMAC-SHA-256 over channel and normalised contact, cut to 16 bytes. */
  public byte[] of(Contact contact) {
    try {
      return prf.computePrimary(
          (contact.channel().name() + '\0' + contact.normalised()).getBytes(StandardCharsets.UTF_8),
          BYTES);
    } catch (GeneralSecurityException e) {
      throw new KeyException("Cannot fingerprint a contact", e);
    }
  }
}
