package io.tocsin.notifier.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DkimSettingsTest {

  @TempDir private static Path folder;
  private static Path good;

  @BeforeAll
  static void makeKey() throws Exception {
    good = key("good.pem", "RSA", 2048);
  }

  @Test
  void shouldNotSignUnlessAskedTo() {
    assertThat(TestSettings.of(Map.of()).dkim()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mail.sample.example", "sample.example", "SAMPLE.example"})
  void shouldTakeTheSendersDomainOrAParentOfIt(String domain) {
    // When
    DkimSettings settings =
        TestSettings.of(options(Map.of(DkimSettings.DOMAIN, domain))).dkim().orElseThrow();

    // Then
    assertThat(settings.domain()).isEqualTo(domain.toLowerCase(Locale.ROOT));
    assertThat(settings.toString()).doesNotContain("modulus", "exponent");
  }

  @Test
  void shouldTakeAnInternationalDomain() {
    // When
    SmtpSettings settings =
        TestSettings.of(
            options(
                Map.of(
                    SmtpSettings.FROM, "notices@почта.example",
                    DkimSettings.DOMAIN, "почта.example")));

    // Then
    assertThat(settings.dkim().orElseThrow().domain()).startsWith("xn--").endsWith(".example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"other.example", "example", "le.example", "a.mail.sample.example", "not a domain"})
  void shouldRefuseADomainThatDoesNotStandForTheSender(String domain) {
    refuses(Map.of(DkimSettings.DOMAIN, domain), DkimSettings.DOMAIN, "domain");
  }

  @ParameterizedTest
  @ValueSource(strings = {DkimSettings.DOMAIN, DkimSettings.SELECTOR, DkimSettings.KEY_FILE})
  void shouldWantAllThreeOrNone(String missing) {
    refuses(Map.of(missing, ""), missing + " is empty", "all or none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a;b", "a b", "a..b", "-a", "a_b"})
  void shouldRefuseASelectorThatIsNoName(String selector) {
    refuses(Map.of(DkimSettings.SELECTOR, selector), DkimSettings.SELECTOR, "hyphens");
  }

  @ParameterizedTest
  @CsvSource({"RSA, 1024, RFC 8301", "EC, 256, no RSA key"})
  void shouldRefuseAKeyThatReceiversMayRefuse(String algorithm, int bits, String why)
      throws Exception {
    // Given
    Path file = key("weak.pem", algorithm, bits);

    // When, Then
    refuses(Map.of(DkimSettings.KEY_FILE, file.toString()), DkimSettings.KEY_FILE, why);
  }

  @Test
  void shouldSayHowToConvertAKeyOfAnotherForm() throws Exception {
    // Given
    Path file = TestSettings.pem(folder.resolve("old.pem"), "RSA PRIVATE KEY", new byte[64]);

    // When, Then
    refuses(Map.of(DkimSettings.KEY_FILE, file.toString()), DkimSettings.KEY_FILE, "pkcs8 -topk8");
  }

  @Test
  void shouldRefuseAFileThatIsNotThere() {
    refuses(Map.of(DkimSettings.KEY_FILE, "/nowhere.pem"), DkimSettings.KEY_FILE, "be read");
  }

  private static void refuses(Map<String, String> change, String key, String why) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> TestSettings.of(options(change)))
        .withMessageContaining(key)
        .withMessageContaining(why);
  }

  private static Map<String, String> options(Map<String, String> change) {
    Map<String, String> options = new HashMap<>();
    options.put(DkimSettings.DOMAIN, "sample.example");
    options.put(DkimSettings.SELECTOR, "one.2026");
    options.put(DkimSettings.KEY_FILE, good.toString());
    options.putAll(change);
    return options;
  }

  private static Path key(String name, String algorithm, int bits)
      throws GeneralSecurityException, IOException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    return TestSettings.pem(
        folder.resolve(name), "PRIVATE KEY", generator.generateKeyPair().getPrivate().getEncoded());
  }
}
