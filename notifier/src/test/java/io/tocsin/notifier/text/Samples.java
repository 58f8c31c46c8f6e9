package io.tocsin.notifier.text;

import io.tocsin.notifier.text.Controller.Words;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/** The sample operator, its catalogue and an incident of each kind. */
final class Samples {

  static final String REFERENCE = "7KQ2M-9XW4T";

  static final TextSettings SETTINGS =
      new TextSettings("en", ZoneId.of("Asia/Almaty"), SmsBudget.DEFAULT);

  static final Controller CONTROLLER =
      new Controller(
          "Any2text",
          "LLP \"TopTama\"",
          "Kazakhstan, Pavlodar region, city of Pavlodar, Brothers Dusembinov Street, building"
              + " 1/15, 140007",
          "240140020442",
          "help@any2text.com",
          "+7 (747) 631 02 46",
          Map.of(
              "ru",
              new Words(
                  null,
                  "ТОО «TopTama»",
                  "Казахстан, Павлодарская область, г. Павлодар, ул. Братьев Дюсембиновых, стр."
                      + " 1/15, 140007"),
              "kk",
              new Words(
                  null,
                  "«TopTama» ЖШС",
                  "Қазақстан, Павлодар облысы, Павлодар қ., Ағайынды Дүйсембиновтер к-сі, 1/15"
                      + " құрылыс, 140007")));

  static final CategoryNames CATEGORIES =
      new CategoryNames(
          List.of("name", "email", "phone", "purchases", "ip", "access-time"),
          Map.of(
              "en",
              Map.of(
                  "name", "name",
                  "email", "e-mail address",
                  "phone", "phone number",
                  "purchases", "purchase history",
                  "ip", "IP address",
                  "access-time", "times of your visits"),
              "ru",
              Map.of(
                  "name", "имя",
                  "email", "адрес эл. почты",
                  "phone", "номер телефона",
                  "purchases", "история покупок",
                  "ip", "IP-адрес",
                  "access-time", "время посещений"),
              "kk",
              Map.of(
                  "name", "аты-жөні",
                  "email", "эл. пошта мекенжайы",
                  "phone", "телефон нөмірі",
                  "purchases", "сатып алу тарихы",
                  "ip", "IP мекенжай",
                  "access-time", "кірген уақыт")));

  private Samples() {}

  static IncidentFacts incident(IncidentKind kind) {
    return new IncidentFacts(
        kind,
        Instant.parse("2026-03-03T05:15:00Z"),
        Instant.parse("2026-03-05T13:40:00Z"),
        Instant.parse("2026-03-06T04:05:00Z"),
        Map.of());
  }

  static NoticeTexts texts(IncidentKind kind) {
    return compile(incident(kind));
  }

  static NoticeTexts texts(IncidentKind kind, SmsBudget budget) {
    return new NoticeCompiler(new TextSettings(SETTINGS.defaultLocale(), SETTINGS.zone(), budget))
        .compile(TemplateFolder.builtIn(), incident(kind), CONTROLLER, CATEGORIES);
  }

  static NoticeTexts compile(IncidentFacts incident) {
    return new NoticeCompiler(SETTINGS)
        .compile(TemplateFolder.builtIn(), incident, CONTROLLER, CATEGORIES);
  }

  static Recipient person(String locale, String... categoryIds) {
    return new Recipient(REFERENCE, locale, List.of(categoryIds), 1);
  }
}
