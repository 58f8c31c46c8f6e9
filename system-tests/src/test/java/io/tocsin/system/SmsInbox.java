package io.tocsin.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads the Twilio stand-in's log. */
final class SmsInbox {

  private final Path log;

  SmsInbox(Path log) {
    this.log = log;
  }

  /**
   * A message that the stand-in took. Its {@link #toString} is redacted.
   *
   * @param to the number
   * @param body the text
   * @param segments how many SMS the text takes
   */
  record ReceivedSms(String to, String body, int segments) {

    /** The references that it shows. */
    List<String> references() {
      return Mailbox.references(body);
    }

    @Override
    public String toString() {
      return "ReceivedSms[" + references() + "]";
    }
  }

  /** Every message taken. */
  List<ReceivedSms> messages() throws IOException {
    return Files.exists(log)
        ? Json.lines(log).stream()
            .filter(event -> event.path("event").asText().equals("accepted"))
            .map(SmsInbox::sms)
            .toList()
        : List.of();
  }

  /** The messages to one number. */
  List<ReceivedSms> to(String number) throws IOException {
    return messages().stream().filter(sms -> sms.to().equals(number)).toList();
  }

  private static ReceivedSms sms(JsonNode event) {
    return new ReceivedSms(
        event.path("to").asText(), event.path("body").asText(), event.path("segments").asInt());
  }
}
