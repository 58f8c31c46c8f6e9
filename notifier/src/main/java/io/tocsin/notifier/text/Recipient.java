package io.tocsin.notifier.text;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What is particular to one person's notice; no name, no contact.
 *
 * @param reference the notice's reference: letters, digits and hyphens, at most 32
 * @param locale the person's language as their record says it; any text
 * @param categoryIds the categories of this person's data, in any order, at least one
 * @param edition 1, or more for a notice that adds to an earlier one
 */
public record Recipient(String reference, String locale, List<String> categoryIds, int edition) {

  private static final Pattern REFERENCE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,31}");

  public Recipient {
    categoryIds = List.copyOf(categoryIds);
    if (!REFERENCE.matcher(reference).matches()) {
      throw new IllegalArgumentException("a reference is 1 to 32 letters, digits and hyphens");
    }
    if (categoryIds.isEmpty()) {
      throw new IllegalArgumentException("notice " + reference + " names no category");
    }
    if (edition < 1) {
      throw new IllegalArgumentException("notice " + reference + " has edition " + edition);
    }
  }

  boolean followUp() {
    return edition > 1;
  }
}
