package io.tocsin.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Someone of the demo's expected file. Its {@link #toString} is redacted. */
record Expected(
    String userId,
    String locale,
    @Nullable String email,
    @Nullable String phone,
    List<String> categories,
    boolean emailRefused,
    boolean smsRefused,
    String reference) {

  /** Reads the file. */
  static List<Expected> read(Path file) throws IOException {
    return Json.lines(file).stream().map(Expected::of).toList();
  }

  /** By what their messages show. */
  static Map<String, Expected> byReference(List<Expected> all) {
    return all.stream().collect(Collectors.toMap(Expected::reference, Function.identity()));
  }

  /**
   * How often each message arrived: 0 is lost, more than 1 a duplicate, and a key not of the file's
   * has no business there.
   */
  static Map<String, Integer> arrivals(
      List<Expected> all, List<ReceivedMail> mails, List<SmsInbox.ReceivedSms> messages) {
    Map<String, Integer> arrivals = new HashMap<>();
    for (Expected person : all) {
      if (person.emailDue()) {
        arrivals.put(person.reference + " " + person.email, 0);
      }
      if (person.smsDue()) {
        arrivals.put(person.reference + " " + person.phone, 0);
      }
    }
    mails.forEach(
        mail -> arrivals.merge(mail.reference() + " " + mail.recipient(), 1, Integer::sum));
    messages.forEach(
        sms -> arrivals.merge(sms.references().getFirst() + " " + sms.to(), 1, Integer::sum));
    return arrivals;
  }

  boolean emailDue() {
    return email != null && !emailRefused;
  }

  boolean smsDue() {
    return phone != null && !smsRefused;
  }

  private static Expected of(JsonNode line) {
    return new Expected(
        line.required("userId").asText(),
        line.required("locale").asText(),
        nullable(line, "email"),
        nullable(line, "phone"),
        Json.texts(line.required("categories")),
        line.required("emailRefused").asBoolean(),
        line.required("smsRefused").asBoolean(),
        line.required("reference").asText());
  }

  private static @Nullable String nullable(JsonNode line, String field) {
    return line.hasNonNull(field) ? Objects.requireNonNull(line.get(field)).asText() : null;
  }

  @Override
  public String toString() {
    return "Expected[" + userId + "]";
  }
}
