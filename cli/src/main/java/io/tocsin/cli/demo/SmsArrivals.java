package io.tocsin.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.avro.Channel;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what a Twilio stand-in accepted: the {@code accepted} events of its log, one JSON object a
 * line.
 */
final class SmsArrivals {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ACCEPTED = "\"event\":\"accepted\"";

  private SmsArrivals() {}

  /**
   * Every message of a log; none if there is no such file.
   *
   * @throws IOException if the file cannot be read
   */
  static List<Arrival> read(Path smsLog) throws IOException {
    if (!Files.isRegularFile(smsLog)) {
      return List.of();
    }
    List<Arrival> arrivals = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(smsLog)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains(ACCEPTED)) {
          JsonNode event = JSON.readTree(line);
          arrivals.add(
              Arrival.of(
                  Channel.SMS,
                  event.required("to").asText(),
                  event.required("body").asText(),
                  Instant.parse(event.required("at").asText())));
        }
      }
    }
    return arrivals;
  }
}
