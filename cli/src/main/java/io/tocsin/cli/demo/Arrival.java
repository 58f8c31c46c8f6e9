package io.tocsin.cli.demo;

import io.tocsin.avro.Channel;
import java.time.Instant;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A message as the mail sink or the Twilio stand-in kept it. Its {@link #toString} is redacted.
 *
 * @param channel the way it came
 * @param address where it arrived
 * @param references everything in its text that has the form of a reference
 * @param at when it arrived
 */
record Arrival(Channel channel, String address, List<String> references, Instant at) {

  private static final Pattern REFERENCE =
      Pattern.compile("\\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}\\b");

  /** A message with this text. */
  static Arrival of(Channel channel, String address, String text, Instant at) {
    List<String> references =
        REFERENCE.matcher(text).results().map(MatchResult::group).distinct().toList();
    return new Arrival(channel, address, references, at);
  }

  @Override
  public String toString() {
    return "Arrival[" + channel + ", " + references + "]";
  }
}
