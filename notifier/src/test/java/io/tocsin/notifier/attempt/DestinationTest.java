package io.tocsin.notifier.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.avro.Channel;
import io.tocsin.schemas.contact.Contact;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DestinationTest {

  @ParameterizedTest
  @CsvSource({
    // Two countries of one calling code.
    "+77010000000, KZ",
    "+79000000000, RU",
    "+12025550143, US",
    "+18765550143, JM",
    "+33639980001, FR",
    // Of several countries, and no number of any.
    "+10000000000, +1",
    "+447700900123, +44",
    // Of no one country.
    "+80012345678, +800",
    "+999713000001, unassigned",
  })
  void shouldSendAnSmsToACountry(String number, String country) {
    // When
    Destination destination = Destination.of(Contact.parse(Channel.SMS, number));

    // Then
    assertThat(destination).isEqualTo(new Destination(Channel.SMS, country));
    assertThat(destination).hasToString(country);
  }

  @Test
  void shouldSendAnEmailToADomainAndKeepItsNameBack() {
    // When
    Destination destination =
        Destination.of(Contact.parse(Channel.EMAIL, "someone@B\u00fccher.Example"));

    // Then
    assertThat(destination.value()).isEqualTo("xn--bcher-kva.example");
    assertThat(destination).hasToString("a recipient domain");
  }
}
