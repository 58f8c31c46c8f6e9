package io.tocsin.notifier.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.notifier.attempt.Outcome;
import io.tocsin.notifier.smtp.SmtpClassification.Phase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmtpClassificationTest {

  @ParameterizedTest
  @CsvSource({
    // Said before the recipient is known.
    "SENDER, 550 5.7.1 refused, channel",
    "SENDER, 554 5.7.25 no reverse name, channel",
    // Policy and reputation.
    "RECIPIENT, 554 5.7.1 blocked, destination",
    "RECIPIENT, 550 5.7.26 unauthenticated, destination",
    "DATA, 550 5.7.0 refused, destination",
    "FINAL_DOT, 550 5.7.1 spam, destination",
    // Our credentials, whoever the recipient is.
    "RECIPIENT, 530 5.7.0 authenticate first, channel",
    "RECIPIENT, 550 5.7.8 bad credentials, channel",
    "RECIPIENT, 550 5.7.14 no trust, channel",
    // Our sender, protocol or content.
    "RECIPIENT, 553 5.1.8 bad sender, channel",
    "RECIPIENT, 503 5.5.1 out of order, channel",
    "FINAL_DOT, 554 5.6.0 bad content, channel",
    // This person, or not now.
    "RECIPIENT, 550 5.1.1 nobody, neither",
    "RECIPIENT, 450 4.7.1 greylisted, neither",
    "FINAL_DOT, 421 4.7.0 too many, neither",
  })
  void shouldSayHowFarARefusalReaches(Phase phase, String reply, String blamed) {
    // When
    Outcome outcome =
        SmtpClassification.of(SmtpReply.of(Integer.parseInt(reply.substring(0, 3)), reply), phase);

    // Then
    assertThat(outcome.blamesChannel()).isEqualTo(blamed.equals("channel"));
    assertThat(outcome.blamesDestination()).isEqualTo(blamed.equals("destination"));
    assertThat(outcome.provesChannel()).isEqualTo(blamed.equals("neither"));
  }
}
