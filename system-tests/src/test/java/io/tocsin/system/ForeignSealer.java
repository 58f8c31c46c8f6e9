package io.tocsin.system;

import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.hybrid.HybridConfig;
import com.google.crypto.tink.prf.PrfConfig;
import com.google.crypto.tink.prf.PrfSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Locale;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;

/** Seals contacts by what {@code docs/publishing.md} says and nothing else. */
final class ForeignSealer {

  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int FINGERPRINT_BYTES = 16;

  private final SecureRandom random = new SecureRandom();
  private final byte[] key = new byte[KEY_BYTES];
  private final byte[] wrappedKey;
  private final PrfSet fingerprints;

  /** One batch, sealed for the owner of a folder of keys. */
  ForeignSealer(Path keys) throws IOException, GeneralSecurityException {
    HybridConfig.register();
    PrfConfig.register();
    random.nextBytes(key);
    HybridEncrypt publicKey =
        TinkJsonProtoKeysetFormat.parseKeysetWithoutSecret(
                Files.readString(keys.resolve("contacts.public.json")), RegistryConfiguration.get())
            .getPrimitive(RegistryConfiguration.get(), HybridEncrypt.class);
    wrappedKey = publicKey.encrypt(key, new byte[0]);
    KeysetHandle hashing =
        TinkJsonProtoKeysetFormat.parseKeyset(
            Files.readString(keys.resolve("fingerprints.json")),
            RegistryConfiguration.get(),
            InsecureSecretKeyAccess.get());
    fingerprints = hashing.getPrimitive(RegistryConfiguration.get(), PrfSet.class);
  }

  /** A sealed contact as a record of the users topic's own schema; e-mail domains must be ASCII. */
  GenericRecord seal(Schema contact, String channel, String userId, String clear)
      throws GeneralSecurityException {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(bytes(channel + '\0' + userId));
    byte[] sealed = cipher.doFinal(bytes(clear));
    byte[] fingerprint =
        fingerprints.computePrimary(
            bytes(channel + '\0' + clear.toLowerCase(Locale.ROOT)), FINGERPRINT_BYTES);
    return new GenericRecordBuilder(contact)
        .set("channel", new GenericData.EnumSymbol(contact.getField("channel").schema(), channel))
        .set("dataKey", ByteBuffer.wrap(wrappedKey))
        .set(
            "ciphertext",
            ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).flip())
        .set("fingerprint", ByteBuffer.wrap(fingerprint))
        .build();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
