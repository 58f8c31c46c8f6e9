package io.tocsin.notifier.text;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The names each kind of template may use, and those it must. */
final class Vocabulary {

  static final String CATEGORIES = "categories";
  static final String CATEGORY = "category";
  static final String CATEGORY_LIST = "categoryList";
  static final String FOLLOW_UP = "followUp";
  static final String REFERENCE = "reference";

  static final String CONTROLLER_NAME = "controllerName";
  static final String CONTROLLER_LEGAL_NAME = "controllerLegalName";
  static final String CONTROLLER_ADDRESS = "controllerAddress";
  static final String CONTROLLER_REGISTRATION = "controllerRegistration";
  static final String CONTROLLER_EMAIL = "controllerEmail";
  static final String CONTROLLER_PHONE = "controllerPhone";
  static final String OCCURRED = "occurred";
  static final String DETECTED_AT = "detectedAt";
  static final String WHAT_HAPPENED = "whatHappened";
  static final String CONSEQUENCES = "consequences";
  static final String WHAT_WE_ARE_DOING = "whatWeAreDoing";
  static final String WHAT_YOU_CAN_DO = "whatYouCanDo";
  static final String SMS_WHAT_HAPPENED = "smsWhatHappened";
  static final String SMS_WHAT_YOU_CAN_DO = "smsWhatYouCanDo";

  /** Facts every notice has, as {@link LocaleTexts#facts()} keys. */
  static final Set<String> FACTS =
      Set.of(
          CONTROLLER_NAME,
          CONTROLLER_LEGAL_NAME,
          CONTROLLER_ADDRESS,
          CONTROLLER_EMAIL,
          OCCURRED,
          WHAT_HAPPENED,
          CONSEQUENCES,
          WHAT_WE_ARE_DOING,
          WHAT_YOU_CAN_DO,
          SMS_WHAT_HAPPENED,
          SMS_WHAT_YOU_CAN_DO);

  /** Facts a notice may lack; a template must use them inside their own section. */
  static final Set<String> OPTIONAL_FACTS =
      Set.of(CONTROLLER_PHONE, CONTROLLER_REGISTRATION, DETECTED_AT);

  static final Scope SUBJECT =
      Scope.of(CONTROLLER_NAME, CONTROLLER_LEGAL_NAME, REFERENCE)
          .withSections(Map.of(FOLLOW_UP, Scope.EMPTY));

  static final Scope EMAIL =
      Scope.of(
              CONTROLLER_NAME,
              CONTROLLER_LEGAL_NAME,
              CONTROLLER_ADDRESS,
              CONTROLLER_EMAIL,
              OCCURRED,
              WHAT_HAPPENED,
              CONSEQUENCES,
              WHAT_WE_ARE_DOING,
              WHAT_YOU_CAN_DO,
              REFERENCE)
          .withSections(
              Map.of(
                  CONTROLLER_PHONE, Scope.of(CONTROLLER_PHONE),
                  CONTROLLER_REGISTRATION, Scope.of(CONTROLLER_REGISTRATION),
                  DETECTED_AT, Scope.of(DETECTED_AT),
                  CATEGORIES, Scope.of(CATEGORY),
                  FOLLOW_UP, Scope.EMPTY));

  static final List<String> EMAIL_REQUIRED =
      List.of(
          WHAT_HAPPENED,
          OCCURRED,
          CONSEQUENCES,
          CATEGORIES + "/" + CATEGORY,
          WHAT_WE_ARE_DOING,
          WHAT_YOU_CAN_DO,
          CONTROLLER_LEGAL_NAME,
          CONTROLLER_ADDRESS,
          CONTROLLER_EMAIL,
          REFERENCE);

  static final Scope SMS =
      Scope.of(
              CONTROLLER_NAME,
              CONTROLLER_LEGAL_NAME,
              CONTROLLER_EMAIL,
              SMS_WHAT_HAPPENED,
              SMS_WHAT_YOU_CAN_DO,
              CATEGORY_LIST,
              REFERENCE)
          .withSections(
              Map.of(CONTROLLER_PHONE, Scope.of(CONTROLLER_PHONE), FOLLOW_UP, Scope.EMPTY));

  static final List<String> SMS_REQUIRED =
      List.of(CONTROLLER_NAME, SMS_WHAT_HAPPENED, CATEGORY_LIST, REFERENCE);

  static final Scope LAYOUT =
      Scope.of("language", "subject")
          .withSections(
              Map.of(
                  "blocks",
                  Scope.EMPTY.withSections(
                      Map.of(
                          "title",
                          Scope.of("title"),
                          "heading",
                          Scope.of("heading"),
                          "paragraph",
                          Scope.EMPTY.withSections(Map.of("lines", Scope.of("line"))),
                          "list",
                          Scope.EMPTY.withSections(Map.of("items", Scope.of("item")))))));

  static final List<String> LAYOUT_REQUIRED =
      List.of(
          "language",
          "blocks/title/title",
          "blocks/heading/heading",
          "blocks/paragraph/lines/line",
          "blocks/list/items/item");

  /** What one key of {@code facts.properties} may and must use. */
  record Phrase(Scope scope, List<String> required) {}

  static final String DATE_PATTERN = "date.pattern";

  /** Every key of {@code facts.properties}, all of them required, but {@link #DATE_PATTERN}. */
  static final Map<String, Phrase> PHRASES = phrases();

  private Vocabulary() {}

  private static Map<String, Phrase> phrases() {
    Map<String, Phrase> phrases = new TreeMap<>();
    Phrase words = new Phrase(Scope.of(CONTROLLER_NAME, CONTROLLER_EMAIL), List.of());
    for (IncidentKind kind : IncidentKind.values()) {
      for (String fact :
          List.of(
              WHAT_HAPPENED,
              CONSEQUENCES,
              WHAT_WE_ARE_DOING,
              WHAT_YOU_CAN_DO,
              SMS_WHAT_HAPPENED,
              SMS_WHAT_YOU_CAN_DO)) {
        phrases.put(kind.key() + "." + fact, words);
      }
    }
    phrases.put(
        "occurred.between",
        new Phrase(Scope.of("from", "until", "timeZone"), List.of("from", "until")));
    phrases.put("occurred.since", new Phrase(Scope.of("from", "timeZone"), List.of("from")));
    phrases.put("occurred.until", new Phrase(Scope.of("until", "timeZone"), List.of("until")));
    phrases.put("occurred.unknown", new Phrase(Scope.EMPTY, List.of()));
    phrases.put("detected.at", new Phrase(Scope.of("at", "timeZone"), List.of("at")));
    phrases.put("list.more", new Phrase(Scope.of("count"), List.of("count")));
    return phrases;
  }
}
