package io.tocsin.notifier.bounces;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.notifier.bounces.Report.Meaning;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportReaderTest {

  @ParameterizedTest
  @CsvSource({
    "postfix-unknown-user, BOUNCED, 5.1.1",
    "postfix-refused-elsewhere, BOUNCED, 5.1.1",
    "postfix-mailbox-full, BOUNCED, 5.2.2",
    "postfix-expired, BOUNCED, 4.4.1",
    "postfix-delayed, UNDECIDED,",
    "postfix-relayed, UNDECIDED,",
    "exim-unknown-user, BOUNCED, 5.0.0",
    "exim-refused-elsewhere, BOUNCED, 5.0.0",
    "opensmtpd-refused-elsewhere, BOUNCED, 5.0.0",
  })
  void shouldReadTheReportsOfRealServers(String name, Meaning meaning, @Nullable String status)
      throws IOException {
    assertThat(ReportReader.read(Samples.message(name), true))
        .isEqualTo(new Report(meaning, Optional.ofNullable(status)));
  }

  @ParameterizedTest
  @CsvSource({
    "unknown-charset, BOUNCED, 5.1.1",
    "odd-fields, BOUNCED, 5.2.1",
    "eight-bit-headers, BOUNCED, 5.1.1",
    "missing-boundary, BOUNCED, 5.1.1",
    "two-failed, BOUNCED, 5.1.1",
    "no-status-code, BOUNCED,",
    "one-failed-one-delivered, DELIVERED,",
    "one-failed-one-delayed, UNDECIDED,",
    "report-within-a-report, UNDECIDED,",
    "truncated, UNREADABLE,",
    "no-action, UNREADABLE,",
    "unknown-action, UNREADABLE,",
    "unknown-encoding, BOUNCED, 5.1.1",
    "failed-with-success, UNREADABLE,",
    "no-status-part, UNREADABLE,",
    "report-inside, OTHER,",
    "automatic-reply, OTHER,",
    "read-receipt, OTHER,",
    "no-headers, OTHER,",
  })
  void shouldNeverTakeForABounceWhatDoesNotSaySo(
      String name, Meaning meaning, @Nullable String status) throws IOException {
    assertThat(ReportReader.read(Samples.message("bad-" + name), true))
        .isEqualTo(new Report(meaning, Optional.ofNullable(status)));
  }

  /** OpenSMTPD's have no label of their own: a person could send something that looks like one. */
  @Test
  void shouldTakeAnUnlabelledReportFromTheNullSenderOnly() throws IOException {
    assertThat(ReportReader.read(Samples.message("opensmtpd-refused-elsewhere"), false).meaning())
        .isEqualTo(Meaning.OTHER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"postfix-delayed", "postfix-relayed"})
  void shouldNotMakeABounceOfOneThatIsCutAnywhere(String name) throws IOException {
    // Given
    byte[] message = Samples.message(name);

    // When, Then
    for (int length = 0; length < message.length; length++) {
      assertThat(ReportReader.read(Arrays.copyOf(message, length), true).meaning())
          .isNotEqualTo(Meaning.BOUNCED);
    }
  }

  @Test
  void shouldSurviveWhateverBytesCome() throws IOException {
    // Given
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] message = Samples.message("postfix-unknown-user");

    // When, Then
    for (int i = 0; i < 2_000; i++) {
      byte[] damaged = message.clone();
      for (int j = 0; j < 20; j++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      assertThat(ReportReader.read(damaged, true)).as("seed %d", seed).isNotNull();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "4.4.7, true",
    "5.2.2, true",
    "5.3.1, true",
    "5.4.4, true",
    "5.7.1, true",
    "5.1.1, false",
    "5.2.1, false",
    "5.0.0, false",
    ", false"
  })
  void shouldKnowWhatMayBeDifferentAnotherTime(@Nullable String status, boolean forNow) {
    // When
    Report report = new Report(Meaning.BOUNCED, Optional.ofNullable(status));

    // Then
    assertThat(report.isForNow()).isEqualTo(forNow);
  }
}
