package io.tocsin.notifier.text;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Renders the notices of one incident. Compiled once, safe for any number of threads.
 *
 * <p>People who differ only in their reference get the same words, so those words are made once for
 * each language and set of categories, and a person costs little more than copying them around the
 * reference.
 */
public final class Renderer {

  /** Twilio's limit for the body of one message, in UTF-16 units. */
  public static final int MAX_SMS = 1_600;

  private static final int MAX_PREPARED = 1_024;
  private static final String LONGEST_REFERENCE = "W".repeat(32);

  private static final Mustache.Compiler COMPILER =
      Mustache.compiler().escapeHTML(false).strictSections(true);

  /** What people with the same words have in common. */
  private record EmailKey(String locale, BitSet categories, boolean followUp) {}

  private record SmsKey(EmailKey words, int referenceLength) {}

  /** Texts cut where the reference goes. */
  private record PreparedEmail(List<String> subject, List<String> text, List<String> html) {}

  private record PreparedSms(List<String> body, SmsSegments segments) {}

  private final NoticeTexts texts;
  private final EmailLayout layout;
  private final Map<String, Integer> positions = new HashMap<>();
  private final Map<String, LocaleRenderer> locales = new HashMap<>();
  private final Map<EmailKey, PreparedEmail> emails = new ConcurrentHashMap<>();
  private final Map<SmsKey, PreparedSms> messages = new ConcurrentHashMap<>();

  private Renderer(NoticeTexts texts) {
    this.texts = texts;
    this.layout = new EmailLayout(texts.layout());
    for (String id : texts.categoryIds()) {
      positions.put(id, positions.size());
    }
    texts
        .locales()
        .forEach((locale, words) -> locales.put(locale, new LocaleRenderer(locale, words)));
  }

  /**
   * Compiles texts, as they were compiled from a template or read back from where they are kept.
   *
   * @throws TemplateException if they are incomplete, hold what a template must not, are not those
   *     their version names, or make an SMS of more than 1,600 characters possible
   */
  public static Renderer of(NoticeTexts texts) {
    List<TemplateProblem> problems = new ArrayList<>();
    StoredTextsCheck.check(texts, problems);
    TemplateException.throwIfAny(problems);
    try {
      Renderer renderer = new Renderer(texts);
      renderer.checkLongestSms(problems);
      TemplateException.throwIfAny(problems);
      return renderer;
    } catch (MustacheException e) {
      throw new TemplateException(
          List.of(
              new TemplateProblem(
                  texts.templateId(), 0, PlainText.oneLine(String.valueOf(e.getMessage())))));
    }
  }

  /**
   * One person's e-mail.
   *
   * @throws UnknownCategoryException if the texts have no name for one of the person's categories
   */
  public RenderedEmail email(Recipient recipient) {
    EmailKey key = key(recipient);
    PreparedEmail prepared = emails.get(key);
    if (prepared == null) {
      prepared = locale(key.locale()).email(key.categories(), key.followUp());
      if (emails.size() < MAX_PREPARED) {
        emails.put(key, prepared);
      }
    }
    return new RenderedEmail(
        String.join(recipient.reference(), prepared.subject()),
        String.join(recipient.reference(), prepared.text()),
        String.join(recipient.reference(), prepared.html()),
        key.locale());
  }

  /**
   * One person's SMS: it names as many of the person's categories as the segments allow, the most
   * important first.
   *
   * @throws UnknownCategoryException if the texts have no name for one of the person's categories
   */
  public RenderedSms sms(Recipient recipient) {
    EmailKey words = key(recipient);
    SmsKey key = new SmsKey(words, recipient.reference().length());
    PreparedSms prepared = messages.get(key);
    if (prepared == null) {
      prepared = locale(words.locale()).sms(words, key.referenceLength());
      if (messages.size() < MAX_PREPARED) {
        messages.put(key, prepared);
      }
    }
    return new RenderedSms(
        String.join(recipient.reference(), prepared.body()), prepared.segments(), words.locale());
  }

  /** The texts this renders. */
  public NoticeTexts texts() {
    return texts;
  }

  private EmailKey key(Recipient recipient) {
    BitSet categories = new BitSet(positions.size());
    for (String id : recipient.categoryIds()) {
      Integer position = positions.get(id);
      if (position == null) {
        throw new UnknownCategoryException(id, texts.templateId() + "/" + texts.version());
      }
      categories.set(position);
    }
    String locale =
        LocaleFallback.resolve(recipient.locale(), locales.keySet(), texts.defaultLocale());
    return new EmailKey(locale, categories, recipient.followUp());
  }

  private LocaleRenderer locale(String locale) {
    LocaleRenderer renderer = locales.get(locale);
    if (renderer == null) {
      throw new IllegalStateException("no texts in locale " + locale);
    }
    return renderer;
  }

  private void checkLongestSms(List<TemplateProblem> problems) {
    locales.forEach((locale, renderer) -> {
      int length = renderer.longestSms();
      if (length > MAX_SMS) {
        problems.add(
            new TemplateProblem(
                texts.templateId() + "/" + locale + "/" + TemplateFolder.SMS,
                0,
                "an SMS could take " + length + " characters; at most " + MAX_SMS));
      }
    });
  }

  /** The templates of one language. */
  private final class LocaleRenderer {

    private final String locale;
    private final Template subject;
    private final Template email;
    private final Template sms;
    private final String moreCategories;
    private final List<String> categoryNames;
    private final Map<String, Object> facts = new HashMap<>();

    LocaleRenderer(String locale, LocaleTexts words) {
      this.locale = locale;
      subject = COMPILER.compile(words.subject());
      email = COMPILER.compile(words.email());
      sms = COMPILER.compile(words.sms());
      moreCategories = words.moreCategories();
      categoryNames =
          texts.categoryIds().stream()
              .map(id -> words.categoryNames().getOrDefault(id, id))
              .toList();
      Vocabulary.OPTIONAL_FACTS.forEach(name -> facts.put(name, false));
      facts.putAll(words.facts());
      facts.put(Vocabulary.REFERENCE, PlainText.REFERENCE_MARK);
    }

    PreparedEmail email(BitSet categories, boolean followUp) {
      Map<String, Object> context = context(followUp);
      context.put(
          Vocabulary.CATEGORIES,
          names(categories).stream().map(name -> Map.of(Vocabulary.CATEGORY, name)).toList());
      String line = SmsText.joined(subject.execute(context));
      List<Block> blocks = Block.parse(email.execute(context));
      return new PreparedEmail(
          cut(line), cut(Block.toText(blocks)), cut(layout.render(locale, line, blocks)));
    }

    PreparedSms sms(EmailKey words, int referenceLength) {
      List<String> names = names(words.categories());
      String reference = "0".repeat(referenceLength);
      for (int shown = names.size(); ; shown--) {
        String body = body(SmsText.list(names, shown, moreCategories), words.followUp());
        SmsSegments segments = SmsSegments.of(body.replace(PlainText.REFERENCE_MARK, reference));
        if (shown <= 1 || texts.sms().allows(segments)) {
          return new PreparedSms(cut(body), segments);
        }
      }
    }

    /** The length of the longest body that {@link #sms} could have to fall back on. */
    int longestSms() {
      String longest =
          categoryNames.stream().max(Comparator.comparingInt(String::length)).orElse("");
      int categories = Math.max(2, categoryNames.size());
      String list = SmsText.list(Collections.nCopies(categories, longest), 1, moreCategories);
      return Stream.of(true, false)
          .map(followUp -> body(list, followUp))
          .mapToInt(body -> body.replace(PlainText.REFERENCE_MARK, LONGEST_REFERENCE).length())
          .max()
          .orElse(0);
    }

    private String body(String categoryList, boolean followUp) {
      Map<String, Object> context = context(followUp);
      context.put(Vocabulary.CATEGORY_LIST, categoryList);
      return SmsText.plainest(SmsText.joined(sms.execute(context)));
    }

    private Map<String, Object> context(boolean followUp) {
      Map<String, Object> context = new HashMap<>(facts);
      context.put(Vocabulary.FOLLOW_UP, followUp);
      return context;
    }

    private List<String> names(BitSet categories) {
      return categories.stream().mapToObj(categoryNames::get).toList();
    }

    private static List<String> cut(String text) {
      return List.of(text.split(PlainText.REFERENCE_MARK, -1));
    }
  }
}
