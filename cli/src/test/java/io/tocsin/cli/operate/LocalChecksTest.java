package io.tocsin.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.cli.AllKeys;
import io.tocsin.notifier.smtp.DkimSettings;
import io.tocsin.notifier.smtp.SmtpSettings;
import io.tocsin.notifier.twilio.TwilioSettings;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.streams.dispatcher.DispatcherSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalChecksTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {SmtpSettings.CALL_TIMEOUT, TwilioSettings.CALL_TIMEOUT})
  void shouldWarnOfACallThatMayTakeLongerThanTheDispatcherWaits(String key) {
    // When
    List<Finding> findings = findings("call times", Map.of(key, "30001"));

    // Then
    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst().level()).isEqualTo(Finding.Level.WARN);
    assertThat(findings.getFirst().words()).startsWith(key + " over dispatch.call.max.ms (30000)");
  }

  @Test
  void shouldNameBothCallsThatMayTakeLonger() {
    // When
    List<Finding> findings = findings("call times", Map.of(DispatcherSettings.CALL_MAX, "24999"));

    // Then
    assertThat(findings)
        .singleElement()
        .extracting(Finding::words)
        .asString()
        .contains(SmtpSettings.CALL_TIMEOUT, TwilioSettings.CALL_TIMEOUT);
  }

  @Test
  void shouldBeContentWithCallsAsLongAsTheDispatcherWaits() {
    // When
    List<Finding> findings =
        findings(
            "call times",
            Map.of(SmtpSettings.CALL_TIMEOUT, "30000", TwilioSettings.CALL_TIMEOUT, "30000"));

    // Then
    assertThat(findings).singleElement().extracting(Finding::level).isEqualTo(Finding.Level.OK);
  }

  @Test
  void shouldFailForASigningKeyThatOthersCanRead() throws Exception {
    // Given
    Path key = Files.writeString(folder.resolve("dkim.pem"), "key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

    // When
    List<Finding> findings = findings("key files", Map.of(DkimSettings.KEY_FILE, key.toString()));

    // Then
    assertThat(findings).singleElement().extracting(Finding::level).isEqualTo(Finding.Level.FAIL);
  }

  private List<Finding> findings(String subject, Map<String, String> options) {
    Map<String, String> all = new HashMap<>(options);
    all.put(CommonKeys.KEYS_DIR, folder.toString());
    return new LocalChecks(TocsinConfig.load(AllKeys.definition(), null, Map.of(), all))
        .run().stream().filter(finding -> finding.subject().equals(subject)).toList();
  }
}
