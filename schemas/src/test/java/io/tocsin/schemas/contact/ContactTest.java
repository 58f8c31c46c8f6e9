package io.tocsin.schemas.contact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.avro.Channel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContactTest {

  @ParameterizedTest
  @CsvSource({
    "a@example.com,a@example.com",
    "First.Last+tag@Example.COM,First.Last+tag@example.com",
    "  padded@example.org ,padded@example.org",
    "почта@пример.example,почта@xn--e1afmkfd.example",
  })
  void shouldReadAddresses(String text, String value) {
    assertThat(EmailAddress.parse(text).value()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nobody",
        "@example.com",
        "a@",
        "a@b",
        "a..b@example.com",
        ".a@example.com",
        "a b@example.com",
        "a@exa_mple.com",
        "a@example..com",
        "a@-",
        "a(comment)@example.com",
        "\"quoted\"@example.com",
      })
  void shouldRefuseWhatNoServerTakesWithoutQuotingIt(String text) {
    assertThatThrownBy(() -> EmailAddress.parse(text))
        .isInstanceOf(InvalidContactException.class)
        .hasMessageNotContaining(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a@example.com\r\nBcc: b@example.com",
        "a\u202eb@example.com",
        "a\u200e@example.com",
        "a@exam\u0000ple.com",
        "a\u2066@example.com",
        "a\u2028@example.com",
        "a\u061c@example.com",
      })
  void shouldRefuseLineBreaksAndBidiControls(String text) {
    assertThatThrownBy(() -> EmailAddress.parse(text))
        .isInstanceOf(InvalidContactException.class)
        .hasMessageContaining("control");
  }

  @Test
  void shouldRefuseAnAddressLongerThanTheStandardAllows() {
    assertThatThrownBy(() -> EmailAddress.parse("a".repeat(65) + "@example.com"))
        .isInstanceOf(InvalidContactException.class);
    assertThat(EmailAddress.parse("a".repeat(64) + "@example.com").needsSmtpUtf8()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"+99912345678,+99912345678", "+999 (12) 345-678,+99912345678"})
  void shouldReadNumbers(String text, String value) {
    assertThat(Contact.parse(Channel.SMS, text)).isEqualTo(new PhoneNumber(value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "87771234567",
        "+0123456789",
        "+12",
        "+1234567890123456",
        "+7777\u202e1234567",
        "call me"
      })
  void shouldRefuseNumbersThatAreNotE164(String text) {
    assertThatThrownBy(() -> PhoneNumber.parse(text))
        .isInstanceOf(InvalidContactException.class)
        .hasMessageNotContaining(text);
  }

  @Test
  void shouldRedactItself() {
    assertThat(EmailAddress.parse("a@example.com")).hasToString("EmailAddress[redacted]");
    assertThat(PhoneNumber.parse("+99912345678")).hasToString("PhoneNumber[redacted]");
  }
}
