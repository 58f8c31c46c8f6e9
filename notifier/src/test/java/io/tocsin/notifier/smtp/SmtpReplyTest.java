package io.tocsin.notifier.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmtpReplyTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "250 2.0.0 Ok: queued as 4XyZ12abcD         | 4XyZ12abcD",
        "250 OK id=1tGxYz-000abc-2D                 | 1tGxYz-000abc-2D",
        "250 2.0.0 c4b2d0ba Message accepted for delivery | c4b2d0ba",
        "250 Ok                                     | ''",
        "250 queued as somebody@people.example      | ''",
        "250 queued as some.body@people.example     | ''",
        "550 queued as ABCDEF                       | ''",
      })
  void shouldFindTheQueueIdAndNeverAnAddress(String line, String id) {
    // When
    SmtpReply reply = SmtpReply.of(Integer.parseInt(line.substring(0, 3)), line + "\n");

    // Then
    assertThat(reply.queueId().orElse("")).isEqualTo(id);
  }
}
