package io.tocsin.cli.imports;

import io.tocsin.avro.Interval;
import io.tocsin.schemas.catalogue.Catalogue;
import io.tocsin.schemas.id.HoldingKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a dataset held of a person for one interval, as a row tells it. */
record HoldingRow(HoldingKey key, Interval interval) {

  static final List<String> COLUMNS = List.of("dataset", "userId", "from", "until", "categories");

  private static final int DATE_LENGTH = 10;

  /** The key alone, before anything else is looked at. */
  static HoldingKey key(Fields fields) throws InvalidRowException {
    return new HoldingKey(fields.required("dataset"), UserIds.check(fields.required("userId")));
  }

  /** Reads a row; its dataset and categories must be in the catalogue. */
  static HoldingRow of(Fields fields, Catalogue catalogue) throws InvalidRowException {
    HoldingKey key = key(fields);
    if (!catalogue.hasDataset(key.dataset())) {
      throw new InvalidRowException(
          "dataset: "
              + printable(key.dataset())
              + " is not in the catalogue; add it there or correct it");
    }
    Instant from = instant("from", fields.required("from"));
    String end = fields.get("until").strip();
    Instant until = end.isEmpty() ? null : instant("until", end);
    if (until != null && !until.isAfter(from)) {
      throw new InvalidRowException("from: not before until");
    }
    return new HoldingRow(key, interval(from, until, categories(fields, catalogue)));
  }

  private static Interval interval(Instant from, @Nullable Instant until, List<String> categories) {
    return Interval.newBuilder().setFrom(from).setUntil(until).setCategories(categories).build();
  }

  private static List<String> categories(Fields fields, Catalogue catalogue)
      throws InvalidRowException {
    List<String> categories = fields.list("categories");
    if (categories.isEmpty()) {
      throw new InvalidRowException("categories: missing; name at least one, ';' between several");
    }
    for (String category : categories) {
      if (!catalogue.hasCategory(category)) {
        throw new InvalidRowException(
            "categories: "
                + printable(category)
                + " is not in the catalogue; add it there or correct it");
      }
    }
    return categories;
  }

  /** An instant in ISO 8601 with its offset, or a date, which begins at midnight UTC. */
  private static Instant instant(String column, String text) throws InvalidRowException {
    try {
      Instant instant =
          text.length() == DATE_LENGTH
              ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
              : OffsetDateTime.parse(text).toInstant();
      return instant.truncatedTo(ChronoUnit.MILLIS);
    } catch (DateTimeException e) {
      throw new InvalidRowException(
          column + ": not a time such as 2026-03-01T00:00:00Z or a date such as 2026-03-01");
    }
  }

  /** An id may be shown only if it is plainly one: a column out of place could be a contact. */
  private static String printable(String id) {
    return id.matches("[a-z][a-z0-9._-]{0,39}") ? id : "what stands there";
  }
}
