package io.tocsin.schemas.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.avro.Channel;
import io.tocsin.avro.SealedContact;
import io.tocsin.schemas.contact.EmailAddress;
import io.tocsin.schemas.contact.PhoneNumber;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysTest {

  private static final EmailAddress ADDRESS = EmailAddress.parse("aigerim@example.com");

  @TempDir Path folder;
  private Keys keys;

  @BeforeEach
  void createKeys() throws IOException {
    keys = Keys.in(folder);
    keys.create();
  }

  @Test
  void shouldOpenWhatItSealed() throws UnopenableContactException {
    // Given
    SealedContact sealed = keys.contactSealer().seal("u-1", ADDRESS);
    // When
    var opened = keys.contactOpener().open("u-1", sealed);
    // Then
    assertThat(opened).isEqualTo(ADDRESS);
  }

  @Test
  void shouldNotShowTheContactInTheSealedForm() {
    // Given
    SealedContact sealed = keys.contactSealer().seal("u-1", ADDRESS);
    // When
    String bytes = new String(sealed.getCiphertext().array(), StandardCharsets.ISO_8859_1);
    // Then
    assertThat(bytes).doesNotContain("aigerim").doesNotContain("example");
    assertThat(ADDRESS.toString()).doesNotContain("aigerim");
  }

  @Test
  void shouldRefuseAContactMovedToAnotherUser() {
    // Given
    SealedContact sealed = keys.contactSealer().seal("u-1", ADDRESS);
    ContactOpener opener = keys.contactOpener();
    // When // Then
    assertThatThrownBy(() -> opener.open("u-2", sealed))
        .isInstanceOf(UnopenableContactException.class)
        .hasMessageContaining("u-2")
        .hasMessageNotContaining("aigerim");
  }

  @Test
  void shouldRefuseAContactMovedToAnotherChannel() {
    // Given
    SealedContact sealed = keys.contactSealer().seal("u-1", PhoneNumber.parse("+99912345678"));
    SealedContact moved = SealedContact.newBuilder(sealed).setChannel(Channel.EMAIL).build();
    ContactOpener opener = keys.contactOpener();
    // When // Then
    assertThatThrownBy(() -> opener.open("u-1", moved))
        .isInstanceOf(UnopenableContactException.class);
  }

  @Test
  void shouldOpenOldContactsAfterRotation() throws IOException, UnopenableContactException {
    // Given
    SealedContact old = keys.contactSealer().seal("u-1", ADDRESS);
    // When
    keys.rotate();
    SealedContact fresh = keys.contactSealer().seal("u-1", ADDRESS);
    ContactOpener opener = keys.contactOpener();
    // Then
    assertThat(opener.open("u-1", old)).isEqualTo(ADDRESS);
    assertThat(opener.open("u-1", fresh)).isEqualTo(ADDRESS);
    assertThat(keyId(fresh)).isNotEqualTo(keyId(old));
  }

  @Test
  void shouldSealWithoutAnyPrivateKey() throws IOException {
    // Given
    Files.delete(folder.resolve("contacts.private.json"));
    // When
    SealedContact sealed = keys.contactSealer().seal("u-1", ADDRESS);
    // Then
    assertThat(sealed.getCiphertext().remaining()).isPositive();
    assertThatThrownBy(() -> keys.contactOpener())
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("contacts.private.json")
        .hasMessageContaining("keys create");
  }

  @Test
  void shouldFingerprintSpellingsOfOneAddressAlike() {
    // Given
    Fingerprints fingerprints = keys.fingerprints();
    // When
    byte[] one = fingerprints.of(EmailAddress.parse("Aigerim@EXAMPLE.com"));
    byte[] other = fingerprints.of(ADDRESS);
    // Then
    assertThat(one).isEqualTo(other).hasSize(16);
    assertThat(fingerprints.of(PhoneNumber.parse("+999 12 345 678"))).isNotEqualTo(other);
  }

  @Test
  void shouldKeepKeysThatAreThere() throws IOException {
    // Given
    String before = Files.readString(folder.resolve("contacts.private.json"));
    // When
    var made = Keys.in(folder).create();
    // Then
    assertThat(made).isEmpty();
    assertThat(Files.readString(folder.resolve("contacts.private.json"))).isEqualTo(before);
  }

  @Test
  void shouldKeepPrivateKeysToTheirOwner() throws IOException {
    assertThat(Files.getPosixFilePermissions(folder.resolve("contacts.private.json")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void shouldOpenDeadLettersWithTheOperatorsKeyOnly() {
    // Given
    ByteBuffer sealed = Objects.requireNonNull(keys.deadLetterSealer().seal(new byte[] {1, 2, 3}));
    // When
    byte[] opened = keys.deadLetterOpener().open(sealed);
    // Then
    assertThat(opened).containsExactly(1, 2, 3);
    assertThatThrownBy(() ->
            keys.contactOpener()
                .open(
                    "u-1",
                    SealedContact.newBuilder()
                        .setChannel(Channel.EMAIL)
                        .setDataKey(sealed)
                        .setCiphertext(sealed)
                        .setFingerprint(sealed)
                        .build()))
        .isInstanceOf(UnopenableContactException.class);
  }

  private static int keyId(SealedContact sealed) {
    return sealed.getDataKey().getInt(1);
  }
}
