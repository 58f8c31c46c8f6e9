package io.tocsin.streams.intake;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The form of ids that publishers choose, and how much of other texts an answer may repeat. */
final class Ids {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  private Ids() {}

  static boolean isIncidentId(@Nullable String id) {
    return id != null && ID.matcher(id).matches();
  }

  static boolean isDecisionId(@Nullable String id) {
    return isIncidentId(id);
  }

  /**
   * A text in quotes behind a space, if it could be an id; else nothing: an answer must not repeat
   * an address or number that stands where it does not belong.
   */
  static String quoted(String text) {
    boolean plain = ID.matcher(text).matches() && text.chars().anyMatch(Character::isLetter);
    return plain ? " \"" + text + '"' : "";
  }
}
