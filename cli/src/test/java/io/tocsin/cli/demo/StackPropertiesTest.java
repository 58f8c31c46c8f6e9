package io.tocsin.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.TocsinConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackPropertiesTest {

  private static final ConfigDef KEYS =
      CommonKeys.define(new ConfigDef())
          .define("twilio.auth.token", ConfigDef.Type.PASSWORD, "", ConfigDef.Importance.HIGH, "")
          .define("smtp.host", ConfigDef.Type.STRING, "", ConfigDef.Importance.HIGH, "");

  @TempDir private Path folder;

  @Test
  void shouldBeReadBackByTheConfiguration() throws IOException {
    // Given
    StackProperties properties =
        properties(userFile(""))
            .set(CommonKeys.KEYS_DIR, "/some where/with=signs#and: keys")
            .set(CommonKeys.HTTP_PORT, 4711);

    // When
    properties.write(written());

    // Then
    TocsinConfig config = TocsinConfig.load(KEYS, written(), Map.of(), Map.of());
    assertThat(config.string(CommonKeys.KEYS_DIR)).isEqualTo("/some where/with=signs#and: keys");
    assertThat(config.integer(CommonKeys.HTTP_PORT)).isEqualTo(4711);
  }

  @Test
  void shouldBeReadableByItsOwnerOnly() throws IOException {
    // When
    properties(userFile("")).write(written());

    // Then
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(written())))
        .isEqualTo("rw-------");
  }

  @Test
  void shouldPointToTheUsersSecretsInsteadOfCopyingThem() throws IOException {
    // Given
    Path userFile = userFile("twilio.auth.token=hush\nsmtp.host=mail.example\n");

    // When
    properties(userFile).write(written());

    // Then
    assertThat(written()).content().doesNotContain("hush").contains("smtp.host=mail.example");
    TocsinConfig config = TocsinConfig.load(KEYS, written(), Map.of(), Map.of());
    assertThat(config.secret("twilio.auth.token")).contains("hush");
  }

  @Test
  void shouldLeaveAloneWhatTheUserHasSet() throws IOException {
    // Given
    Path userFile = userFile("smtp.host=mail.example\n");
    UserSettings user = UserSettings.read(userFile, written(), Map.of(), Map.of());

    // When
    StackProperties properties =
        properties(userFile)
            .preset(user, "smtp.host", "127.0.0.1")
            .preset(user, CommonKeys.HTTP_HOST, "127.0.0.1");

    // Then
    assertThat(properties.entries())
        .containsEntry("smtp.host", "mail.example")
        .containsEntry(CommonKeys.HTTP_HOST, "127.0.0.1");
  }

  @Test
  void shouldKnowWhatIsConfiguredByFileEnvironmentOrOption() throws IOException {
    // Given
    UserSettings user =
        UserSettings.read(
            userFile("smtp.host=\nkeys.dir=k\n"),
            written(),
            Map.of("TOCSIN_TWILIO_BASE_URL", "http://127.0.0.1:1", "HOME", "/"),
            Map.of("http.host", "::1"));

    // When, Then
    assertThat(user.has("keys.dir")).isTrue();
    assertThat(user.has("twilio.base.url")).isTrue();
    assertThat(user.has("http.host")).isTrue();
    assertThat(user.has("smtp.host")).isFalse();
    assertThat(user.has("home")).isFalse();
  }

  @Test
  void shouldNotTakeItsOwnFileForTheUsers() throws IOException {
    // Given
    properties(userFile("")).set("smtp.host", "127.0.0.1").write(written());

    // When
    UserSettings user = UserSettings.read(written(), written(), Map.of(), Map.of());

    // Then
    assertThat(user.has("smtp.host")).isFalse();
  }

  private StackProperties properties(Path userFile) {
    UserSettings user = UserSettings.read(userFile, written(), Map.of(), Map.of());
    return new StackProperties(user, userFile, key -> key.endsWith(".token"));
  }

  private Path userFile(String text) throws IOException {
    return Files.writeString(folder.resolve("user.properties"), text);
  }

  private Path written() {
    return folder.resolve("tocsin.properties");
  }
}
