package io.tocsin.notifier.text;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a notice says about its incident.
 *
 * @param kind what became of the data
 * @param occurredFrom when it began, if known
 * @param occurredUntil when it ended, if known; not before {@code occurredFrom}
 * @param detectedAt when the operator found out, if known
 * @param narratives the publisher's own words by locale; one in a locale the template has not is
 *     not used
 */
public record IncidentFacts(
    IncidentKind kind,
    @Nullable Instant occurredFrom,
    @Nullable Instant occurredUntil,
    @Nullable Instant detectedAt,
    Map<String, Narrative> narratives) {

  public IncidentFacts {
    narratives = Map.copyOf(narratives);
    if (occurredFrom != null && occurredUntil != null && occurredUntil.isBefore(occurredFrom)) {
      throw new IllegalArgumentException("occurredUntil is before occurredFrom");
    }
  }

  /**
   * The publisher's words in one language. Each may hold several lines, blank lines between
   * paragraphs, and lines that begin with <code>- </code> for a list. One that is null or blank
   * gives way to the template's default words.
   *
   * @param whatHappened under What Happened
   * @param consequences likely consequences for the person
   * @param whatWeAreDoing measures taken and planned
   * @param whatYouCanDo what the person can do
   */
  public record Narrative(
      @Nullable String whatHappened,
      @Nullable String consequences,
      @Nullable String whatWeAreDoing,
      @Nullable String whatYouCanDo) {}
}
