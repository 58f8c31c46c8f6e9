package io.tocsin.schemas.seal;

import com.google.crypto.tink.HybridDecrypt;
import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HybridConfig;
import com.google.crypto.tink.prf.HmacPrfParameters;
import com.google.crypto.tink.prf.PrfConfig;
import com.google.crypto.tink.prf.PrfSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Set;

/**
 * The folder of keys ({@code keys.dir}), one Tink keyset a file. Hand each part only the files it
 * needs:
 *
 * <table>
 *   <caption>Who needs which file</caption>
 *   <tr><td>{@code contacts.public.json}</td><td>importers: they can seal, and cannot open</td></tr>
 *   <tr><td>{@code contacts.private.json}</td><td>the notifier alone</td></tr>
 *   <tr><td>{@code fingerprints.json}</td><td>importers, and whoever looks a person up by address</td></tr>
 *   <tr><td>{@code dead-letters.public.json}</td><td>every part</td></tr>
 *   <tr><td>{@code dead-letters.private.json}</td><td>the operator who mends dead letters</td></tr>
 *   <tr><td>{@code receipts.json}</td><td>the notifier: it signs and checks receipt tokens</td></tr>
 * </table>
 *
 * Private files are readable by their owner only. A rotation adds a key and makes it primary; older
 * keys still open what they sealed.
 */
public final class Keys {

  /**
   * RFC 9180: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; ciphertexts carry Tink's key
   * id.
   */
  private static final HpkeParameters HPKE = hpke();

  private static final HmacPrfParameters PRF = prf();

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private static final String CONTACTS = "contacts";
  private static final String DEAD_LETTERS = "dead-letters";
  private static final String FINGERPRINTS = "fingerprints.json";
  private static final String RECEIPTS = "receipts.json";

  private final Path folder;

  private Keys(Path folder) {
    this.folder = folder;
  }

  /** The keys in a folder; each file is read when it is first needed. */
  public static Keys in(Path folder) {
    register();
    return new Keys(folder);
  }

  /**
   * Makes every key that is missing; existing ones stay. Safe when several processes do it at once:
   * the first file stands.
   *
   * @return the files that were made
   */
  public List<Path> create() throws IOException {
    Files.createDirectories(folder);
    java.util.ArrayList<Path> made = new java.util.ArrayList<>();
    for (String pair : List.of(CONTACTS, DEAD_LETTERS)) {
      createFile(privateFile(pair), newKeyset(HPKE), made);
      createFile(publicFile(pair), publicHalf(read(privateFile(pair))), made);
    }
    createFile(FINGERPRINTS, newKeyset(PRF), made);
    createFile(RECEIPTS, newKeyset(PRF), made);
    return List.copyOf(made);
  }

  /**
   * Adds a new primary key to contacts and dead letters; what older keys sealed can still be
   * opened.
   */
  public void rotate() throws IOException {
    for (String pair : List.of(CONTACTS, DEAD_LETTERS)) {
      KeysetHandle rotated = withNewPrimary(read(privateFile(pair)));
      replaceFile(privateFile(pair), rotated);
      replaceFile(publicFile(pair), publicHalf(rotated));
    }
  }

  /** Seals contacts of one import batch. */
  public ContactSealer contactSealer() {
    return new ContactSealer(
        encrypter(read(publicFile(CONTACTS))), new Fingerprints(prfSet(FINGERPRINTS)));
  }

  /** Opens contacts: for the notifier alone. */
  public ContactOpener contactOpener() {
    return new ContactOpener(decrypter(read(privateFile(CONTACTS))));
  }

  /** Finds people by address. */
  public Fingerprints fingerprints() {
    return new Fingerprints(prfSet(FINGERPRINTS));
  }

  /** Seals what could not be processed. */
  public DeadLetterSealer deadLetterSealer() {
    return new DeadLetterSealer(encrypter(read(publicFile(DEAD_LETTERS))));
  }

  /** Opens what could not be processed: for the operator who mends it. */
  public DeadLetterOpener deadLetterOpener() {
    return new DeadLetterOpener(decrypter(read(privateFile(DEAD_LETTERS))));
  }

  /** Keyed hash for receipt tokens. */
  public PrfSet receiptPrf() {
    return prfSet(RECEIPTS);
  }

  private static String privateFile(String pair) {
    return pair + ".private.json";
  }

  private static String publicFile(String pair) {
    return pair + ".public.json";
  }

  private KeysetHandle read(String name) {
    Path file = folder.resolve(name);
    try {
      return TinkJsonProtoKeysetFormat.parseKeyset(
          Files.readString(file, StandardCharsets.UTF_8),
          RegistryConfiguration.get(),
          InsecureSecretKeyAccess.get());
    } catch (IOException e) {
      throw new KeyException(
          "Cannot read the key file "
              + file
              + "; `tocsin keys create` makes it, keys.dir names its folder",
          e);
    } catch (GeneralSecurityException e) {
      throw new KeyException("The key file " + file + " is not a Tink keyset in JSON", e);
    }
  }

  private void createFile(String name, KeysetHandle keyset, List<Path> made) throws IOException {
    Path file = folder.resolve(name);
    if (Files.exists(file)) {
      return;
    }
    Path temporary = writeTemporary(name, keyset);
    try {
      // A hard link is atomic and, unlike a rename, never replaces the key another process has just
      // made.
      Files.createLink(file, temporary);
      made.add(file);
    } catch (FileAlreadyExistsException e) {
      return;
    } finally {
      Files.delete(temporary);
    }
  }

  private void replaceFile(String name, KeysetHandle keyset) throws IOException {
    Files.move(
        writeTemporary(name, keyset),
        folder.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private Path writeTemporary(String name, KeysetHandle keyset) throws IOException {
    Path temporary =
        Files.createTempFile(
            folder, name, ".tmp", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    try {
      Files.writeString(
          temporary,
          TinkJsonProtoKeysetFormat.serializeKeyset(
              keyset, RegistryConfiguration.get(), InsecureSecretKeyAccess.get()),
          StandardCharsets.UTF_8);
      return temporary;
    } catch (GeneralSecurityException e) {
      throw new KeyException("Cannot write the key file " + name, e);
    }
  }

  private PrfSet prfSet(String name) {
    try {
      return read(name).getPrimitive(RegistryConfiguration.get(), PrfSet.class);
    } catch (GeneralSecurityException e) {
      throw new KeyException("The key file " + folder.resolve(name) + " is not for hashing", e);
    }
  }

  private static HybridEncrypt encrypter(KeysetHandle keyset) {
    try {
      return keyset.getPrimitive(RegistryConfiguration.get(), HybridEncrypt.class);
    } catch (GeneralSecurityException e) {
      throw new KeyException("The public key file is not for sealing", e);
    }
  }

  private static HybridDecrypt decrypter(KeysetHandle keyset) {
    try {
      return keyset.getPrimitive(RegistryConfiguration.get(), HybridDecrypt.class);
    } catch (GeneralSecurityException e) {
      throw new KeyException("The private key file is not for opening", e);
    }
  }

  private static KeysetHandle newKeyset(Parameters parameters) {
    try {
      return KeysetHandle.generateNew(parameters, RegistryConfiguration.get());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink cannot make a key of its own kind", e);
    }
  }

  private static KeysetHandle publicHalf(KeysetHandle keyset) {
    try {
      return keyset.getPublicKeysetHandle();
    } catch (GeneralSecurityException e) {
      throw new KeyException("The private key file has no public half", e);
    }
  }

  private static KeysetHandle withNewPrimary(KeysetHandle keyset) {
    try {
      return KeysetHandle.newBuilder(keyset)
          .addEntry(KeysetHandle.generateEntryFromParameters(HPKE).withRandomId().makePrimary())
          .build();
    } catch (GeneralSecurityException e) {
      throw new KeyException("Cannot add a key to the keyset", e);
    }
  }

  private static void register() {
    try {
      HybridConfig.register();
      PrfConfig.register();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink cannot register its own primitives", e);
    }
  }

  private static HpkeParameters hpke() {
    try {
      return HpkeParameters.builder()
          .setVariant(HpkeParameters.Variant.TINK)
          .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
          .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
          .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
          .build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink does not know its own HPKE suite", e);
    }
  }

  private static HmacPrfParameters prf() {
    try {
      return HmacPrfParameters.builder()
          .setKeySizeBytes(32)
          .setHashType(HmacPrfParameters.HashType.SHA256)
          .build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink does not know its own HMAC", e);
    }
  }
}
