package io.tocsin.notifier.text;

import io.tocsin.schemas.config.TocsinConfig;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/** The words' settings: who the controller is, and how its notices are written. */
public final class TextKeys {

  /** Folder of the operator's own templates. */
  public static final String TEMPLATES_DIR = "templates.dir";

  private static final String DEFAULT_LOCALE = "notice.default.locale";
  private static final String TIME_ZONE = "notice.time.zone";
  private static final String GSM7_SEGMENTS = "sms.segments.gsm7";
  private static final String UCS2_SEGMENTS = "sms.segments.ucs2";
  private static final String NAME = "controller.name";
  private static final String LEGAL_NAME = "controller.legal.name";
  private static final String ADDRESS = "controller.address";
  private static final String REGISTRATION = "controller.registration";
  private static final String EMAIL = "controller.email";
  private static final String PHONE = "controller.phone";
  private static final List<String> LOCALES = List.of("en", "ru", "kk");

  private TextKeys() {}

  /** Adds the keys to a definition. */
  public static ConfigDef define(ConfigDef definition) {
    define(
        definition, TEMPLATES_DIR, "Folder of your own templates; empty means the built-in ones.");
    definition
        .define(
            DEFAULT_LOCALE,
            Type.STRING,
            "en",
            Importance.MEDIUM,
            "Language of people whose own is not among the templates'.")
        .define(
            TIME_ZONE,
            Type.STRING,
            "UTC",
            Importance.MEDIUM,
            "Time zone in which notices state times, such as Asia/Almaty.")
        .define(
            GSM7_SEGMENTS,
            Type.INT,
            SmsBudget.DEFAULT.gsm7Segments(),
            Range.between(1, 10),
            Importance.LOW,
            "Segments an SMS in GSM-7 may take.")
        .define(
            UCS2_SEGMENTS,
            Type.INT,
            SmsBudget.DEFAULT.ucs2Segments(),
            Range.between(1, 10),
            Importance.LOW,
            "Segments an SMS in UCS-2 may take.");
    define(definition, NAME, "The controller's name as people know it. Required for notices.");
    define(definition, LEGAL_NAME, "Its legal name. Required for notices.");
    define(definition, ADDRESS, "Its postal address. Required for notices.");
    define(definition, REGISTRATION, "Its registration, such as BIN 240140020442.");
    define(definition, EMAIL, "The e-mail address for questions. Required for notices.");
    define(definition, PHONE, "The phone number for questions.");
    for (String locale : LOCALES) {
      define(definition, NAME + '.' + locale, "The same in language " + locale + '.');
      define(definition, LEGAL_NAME + '.' + locale, "The same in language " + locale + '.');
      define(definition, ADDRESS + '.' + locale, "The same in language " + locale + '.');
    }
    return definition;
  }

  /**
   * The controller.
   *
   * @throws ConfigException naming the key that is missing
   */
  public static Controller controller(TocsinConfig config) {
    return new Controller(
        required(config, NAME),
        required(config, LEGAL_NAME),
        required(config, ADDRESS),
        config.optional(REGISTRATION).orElse(null),
        required(config, EMAIL),
        config.optional(PHONE).orElse(null),
        LOCALES.stream()
            .collect(Collectors.toMap(locale -> locale, locale -> words(config, locale))));
  }

  /**
   * How notices are written.
   *
   * @throws ConfigException if the time zone does not exist
   */
  public static TextSettings settings(TocsinConfig config) {
    return new TextSettings(
        config.string(DEFAULT_LOCALE),
        zone(config.string(TIME_ZONE)),
        new SmsBudget(config.integer(GSM7_SEGMENTS), config.integer(UCS2_SEGMENTS)));
  }

  /**
   * The operator's templates, checked whole.
   *
   * @throws TemplateException listing every problem
   */
  public static TemplateFolder templates(TocsinConfig config) {
    return config
        .optional(TEMPLATES_DIR)
        .map(folder -> TemplateFolder.load(Path.of(folder)))
        .orElseGet(TemplateFolder::builtIn);
  }

  private static Controller.Words words(TocsinConfig config, String locale) {
    return new Controller.Words(
        config.optional(NAME + '.' + locale).orElse(null),
        config.optional(LEGAL_NAME + '.' + locale).orElse(null),
        config.optional(ADDRESS + '.' + locale).orElse(null));
  }

  private static String required(TocsinConfig config, String key) {
    return config
        .optional(key)
        .orElseThrow(() -> new ConfigException(key + " is not set, and every notice ends with it"));
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new ConfigException(TIME_ZONE + " is no time zone: " + name);
    }
  }

  private static void define(ConfigDef definition, String key, String doc) {
    definition.define(key, Type.STRING, "", Importance.MEDIUM, doc);
  }
}
