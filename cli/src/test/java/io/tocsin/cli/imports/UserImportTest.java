package io.tocsin.cli.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.avro.Channel;
import io.tocsin.avro.SealedContact;
import io.tocsin.avro.User;
import io.tocsin.cli.CommandException;
import io.tocsin.cli.ExitCodes;
import io.tocsin.schemas.seal.Keys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway") // a missing entry fails the test by itself
class UserImportTest {

  private static final String HEADER = "userId,locale,residency,email,phone\n";

  private final Map<String, User> users = new HashMap<>();
  private final List<String> order = new ArrayList<>();

  @TempDir private Path folder;

  private Keys keys;

  @BeforeEach
  void createKeys() throws IOException {
    keys = Keys.in(folder.resolve("keys"));
    keys.create();
  }

  @Test
  void shouldSealBothContactsOfARow() throws Exception {
    // When
    ImportReport report = importCsv("u-1,kk,KZ,Ada.Moss@Example.com,+7 701 000-00-01\n");

    // Then
    assertThat(report.loaded()).isEqualTo(1);
    assertThat(report.refusedCount()).isZero();
    User user = users.get("u-1");
    assertThat(user.getLocale()).isEqualTo("kk");
    assertThat(user.getResidency()).contains("KZ");
    assertThat(user.getContacts())
        .extracting(SealedContact::getChannel)
        .containsExactly(Channel.EMAIL, Channel.SMS);
    assertThat(keys.contactOpener().open("u-1", user.getContacts().get(0)).value())
        .isEqualTo("Ada.Moss@example.com");
    assertThat(keys.contactOpener().open("u-1", user.getContacts().get(1)).value())
        .isEqualTo("+77010000001");
    assertThat(user.toString()).doesNotContain("Ada.Moss").doesNotContain("77010000001");
  }

  @Test
  void shouldRefuseARowOfTheWrongWidthAndLoadTheRest() throws Exception {
    // When
    ImportReport report =
        importCsv("u-1,ru,KZ,a@example.com\nu-2,ru,KZ,b@example.com,\nu-3,ru,KZ,c@example.com,,\n");

    // Then
    assertThat(report.refused())
        .containsExactly(
            new ImportReport.Remark(2, "has 4 columns instead of 5"),
            new ImportReport.Remark(4, "has 6 columns instead of 5"));
    assertThat(users).containsOnlyKeys("u-2");
  }

  @Test
  void shouldRefuseAPhoneNumberThatIsNotE164() throws Exception {
    // When
    ImportReport report = importCsv("u-1,ru,KZ,,87010000001\n");

    // Then
    assertThat(report.refused())
        .singleElement()
        .satisfies(refusal -> {
          assertThat(refusal.line()).isEqualTo(2);
          assertThat(refusal.reason()).contains("not E.164").doesNotContain("8701");
        });
  }

  @Test
  void shouldRefuseAnAddressWithALineBreakInCsv() throws Exception {
    // When
    ImportReport report =
        importCsv("u-1,ru,KZ,\"a@example.com\nBcc: b@example.com\",\nu-2,ru,KZ,c@example.com,\n");

    // Then
    assertThat(report.refused()).extracting(ImportReport.Remark::line).containsExactly(2L, 3L);
    assertThat(report.refused().getFirst().reason()).contains("line break").doesNotContain("@");
    assertThat(users).containsOnlyKeys("u-2");
  }

  @Test
  void shouldRefuseAnAddressWithALineBreakInJson() throws Exception {
    // When
    ImportReport report =
        importJson(
            "{\"userId\":\"u-1\",\"locale\":\"ru\",\"email\":\"a@example.com\\r\\nBcc:"
                + " b@example.com\"}\n");

    // Then
    assertThat(report.refused())
        .containsExactly(
            new ImportReport.Remark(
                1,
                "e-mail address: has a line break, control or invisible direction character; remove"
                    + " it"));
  }

  @Test
  void shouldRefuseAnAddressWithBidiControls() throws Exception {
    // When
    ImportReport report = importCsv("u-1,ru,KZ,a\u202Egpj@example.com,\n");

    // Then
    assertThat(report.refused())
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.reason()).contains("direction character"));
  }

  @Test
  void shouldRefuseAnAddressAsUserId() throws Exception {
    // When
    ImportReport report = importCsv("a@example.com,ru,KZ,,\n+77010000001,ru,KZ,,\n,ru,KZ,,\n");

    // Then
    assertThat(report.refused()).hasSize(3);
    assertThat(report.refused())
        .allSatisfy(refusal ->
            assertThat(refusal.reason()).startsWith("userId: ").doesNotContain("@example"));
    assertThat(users).isEmpty();
  }

  @Test
  void shouldLetTheLaterOfTwoRowsOfOneUserWin() throws Exception {
    // When
    ImportReport report = importCsv("u-1,ru,KZ,a@example.com,\nu-1,kk,KZ,b@example.com,\n");

    // Then
    assertThat(order).containsExactly("u-1", "u-1");
    assertThat(users.get("u-1").getLocale()).isEqualTo("kk");
    assertThat(report.warnings())
        .containsExactly(
            new ImportReport.Remark(3, "user u-1 stands in an earlier row too; this one wins"));
    assertThat(report.refusedCount()).isZero();
  }

  @Test
  void shouldLoadTwoUsersWithOneAddress() throws Exception {
    // When
    ImportReport report = importCsv("u-1,ru,KZ,a@example.com,\nu-2,ru,KZ,A@Example.com,\n");

    // Then
    assertThat(report.loaded()).isEqualTo(2);
    assertThat(report.warningCount()).isZero();
    assertThat(users.get("u-1").getContacts().getFirst().getFingerprint())
        .isEqualTo(users.get("u-2").getContacts().getFirst().getFingerprint());
  }

  @Test
  void shouldLoadAndCountAUserWithoutAnyChannel() throws Exception {
    // When
    ImportReport report = importCsv("u-1,,,,\n");

    // Then
    assertThat(report.loaded()).isEqualTo(1);
    assertThat(report.withoutChannel()).isEqualTo(1);
    assertThat(users.get("u-1").getLocale()).isEqualTo("und");
  }

  @Test
  void shouldRefuseWhatIsNoLanguageOrCountry() throws Exception {
    // When
    ImportReport report = importCsv("u-1,русский,KZ,,\nu-2,ru,Kazakhstan,,\n");

    // Then
    assertThat(report.refused())
        .extracting(ImportReport.Remark::reason)
        .containsExactly(
            "locale: not a language tag such as kk, ru or en-GB",
            "residency: not a country of ISO 3166-1 such as KZ");
  }

  @Test
  void shouldRefuseALineThatIsNotUtf8() throws Exception {
    // Given
    byte[] bytes =
        (HEADER + "u-1,ru,KZ,b\u00fcro@example.com,\n").getBytes(StandardCharsets.ISO_8859_1);
    Path file = Files.write(folder.resolve("users.csv"), bytes);

    // When
    ImportReport report = run(file);

    // Then
    assertThat(report.refused()).containsExactly(new ImportReport.Remark(2, "not UTF-8"));
  }

  @Test
  void shouldReadQuotedValuesAndABlankLineAndAByteOrderMark() throws Exception {
    // Given
    Path file =
        Files.writeString(
            folder.resolve("users.csv"),
            "\uFEFF" + HEADER + "\"u,1\",\"ru\",KZ,,\r\n\r\nu-2,ru,KZ,,\r\n");

    // When
    ImportReport report = run(file);

    // Then
    assertThat(report.rows()).isEqualTo(2);
    assertThat(users).containsOnlyKeys("u,1", "u-2");
  }

  @Test
  void shouldRefuseJsonThatIsNoObjectOrHasUnknownProperties() throws Exception {
    // When
    ImportReport report =
        importJson("[1]\n{\"userId\":\"u-1\",\"mail\":\"a@example.com\"}\n{\"userId\": \"a@exam\n");

    // Then
    assertThat(report.refused())
        .extracting(ImportReport.Remark::reason)
        .containsExactly(
            "not a JSON object",
            "has a property that is none of userId, locale, residency, email, phone",
            "not a JSON object");
  }

  @Test
  void shouldRefuseAFileWhoseFirstLineDoesNotNameTheColumns() throws Exception {
    // Given
    Path file = Files.writeString(folder.resolve("users.csv"), "id,mail\n1,a@example.com\n");

    // When / Then
    assertThatThrownBy(() -> run(file))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCodes.USAGE))
        .hasMessageContaining("has no column userId")
        .hasMessageContaining("its first line must be userId,locale,residency,email,phone");
  }

  private ImportReport importCsv(String rows) throws IOException {
    return run(Files.writeString(folder.resolve("users.csv"), HEADER + rows));
  }

  private ImportReport importJson(String lines) throws IOException {
    return run(Files.writeString(folder.resolve("users.jsonl"), lines));
  }

  private ImportReport run(Path file) {
    return new UserImport(
            keys.contactSealer(),
            (key, user) -> {
              order.add(key);
              users.put(key, user);
            })
        .run(file, position -> {});
  }
}
