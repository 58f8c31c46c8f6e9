package io.tocsin.cli.stack;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A page of the message list: {@code To}, {@code From}, {@code DateSent}, {@code DateSent<} and
 * {@code DateSent>} (inclusive, a day or an ISO instant), {@code PageSize} (1 to 1,000; 50) and
 * {@code PageToken}.
 *
 * <p>A message that has not been sent yet is found by the time it was accepted, as it will be by
 * Twilio a moment later.
 */
final class SmsQuery {

  private static final int DEFAULT_PAGE_SIZE = 50;
  private static final int MAX_PAGE_SIZE = 1_000;

  private final Map<String, String> parameters;
  private final @Nullable String to;
  private final @Nullable String from;
  private final Instant earliest;
  private final Instant latest;
  private final int pageSize;
  private final int page;
  private final int before;

  /**
   * @throws IllegalArgumentException if a parameter is malformed
   */
  SmsQuery(Map<String, String> parameters) {
    this.parameters = parameters;
    to = parameters.get("To");
    from = parameters.get("From");
    var on = parameters.get("DateSent");
    var since = parameters.getOrDefault("DateSent>", on);
    var until = parameters.getOrDefault("DateSent<", on);
    earliest = since == null ? Instant.MIN : start(since);
    latest = until == null ? Instant.MAX : end(until);
    pageSize = Math.clamp(number("PageSize", DEFAULT_PAGE_SIZE), 1, MAX_PAGE_SIZE);
    page = number("Page", 0);
    before = number("PageToken", Integer.MAX_VALUE);
  }

  /**
   * @param messages newest first
   * @param nextToken the token of the next page, or null on the last one
   */
  record Page(List<Found> messages, @Nullable Integer nextToken) {}

  record Found(SmsMessage message, SmsStore.State state) {}

  Page run(SmsStore store) throws IOException {
    var found = new ArrayList<Found>();
    var candidates = store.list(to);
    int oldest = 0;
    for (int i = candidates.size() - 1; i >= 0; i--) {
      var entry = candidates.get(i);
      if (entry.number() >= before || !inTime(entry)) {
        continue;
      }
      var message = store.read(entry);
      if (from != null && !from.equals(message.from())) {
        continue;
      }
      if (found.size() == pageSize) {
        return new Page(found, oldest);
      }
      found.add(new Found(message, entry.state()));
      oldest = entry.number();
    }
    return new Page(found, null);
  }

  int page() {
    return page;
  }

  int pageSize() {
    return pageSize;
  }

  /** The query string of this page, or of another one. */
  String queryString(int page, @Nullable Integer token) {
    var all = new LinkedHashMap<>(parameters);
    all.put("PageSize", Integer.toString(pageSize));
    all.put("Page", Integer.toString(page));
    if (token != null) {
      all.put("PageToken", token.toString());
    }
    var text = new StringBuilder();
    all.forEach((name, value) ->
        text.append(text.isEmpty() ? "" : "&")
            .append(encode(name))
            .append('=')
            .append(encode(value)));
    return text.toString();
  }

  private boolean inTime(SmsStore.Entry entry) {
    var sent = entry.state().sentAt();
    var at = sent == null ? entry.acceptedAt() : sent;
    return !at.isBefore(earliest) && !at.isAfter(latest);
  }

  private int number(String name, int otherwise) {
    var value = parameters.get(name);
    if (value == null) {
      return otherwise;
    }
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " is not a number", e);
    }
  }

  private static Instant start(String date) {
    return isDay(date) ? day(date).atStartOfDay().toInstant(ZoneOffset.UTC) : instant(date);
  }

  private static Instant end(String date) {
    return isDay(date)
        ? day(date).plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC).minusNanos(1)
        : instant(date);
  }

  private static boolean isDay(String date) {
    return date.indexOf('T') < 0;
  }

  private static LocalDate day(String date) {
    try {
      return LocalDate.parse(date);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("DateSent is not a date", e);
    }
  }

  private static Instant instant(String date) {
    try {
      return OffsetDateTime.parse(date).toInstant();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("DateSent is not a date", e);
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
