package io.tocsin.cli.imports;

/** What may serve as a user's id: it becomes a record's key, so it must not be a contact. */
final class UserIds {

  private static final int MOST_CHARACTERS = 200;

  private UserIds() {}

  static String check(String userId) throws InvalidRowException {
    if (userId.length() > MOST_CHARACTERS) {
      throw new InvalidRowException("userId: longer than " + MOST_CHARACTERS + " characters");
    }
    if (userId.indexOf('@') >= 0 || userId.startsWith("+")) {
      throw new InvalidRowException(
          "userId: looks like an address or number; keys are not encrypted, use an id that says"
              + " nothing");
    }
    if (userId.codePoints().anyMatch(UserIds::isInvisible)) {
      throw new InvalidRowException("userId: has a control or invisible character");
    }
    return userId;
  }

  private static boolean isInvisible(int c) {
    return Character.isISOControl(c)
        || Character.getType(c) == Character.FORMAT
        || Character.getType(c) == Character.LINE_SEPARATOR
        || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
  }
}
