package io.tocsin.notifier.text;

import com.samskivert.mustache.MustacheException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * One template as its files hold it, found to be without fault.
 *
 * <pre>
 * templateId/email.html              the layout of every e-mail's HTML part
 * templateId/LOCALE/subject.txt      one line
 * templateId/LOCALE/email.txt        the e-mail; "# " begins a heading, "- " an item of a list
 * templateId/LOCALE/sms.txt          the SMS
 * templateId/LOCALE/facts.properties dates, default words by kind of incident; UTF-8
 * </pre>
 *
 * <p>Files are UTF-8, at most 64 KiB each, in Mustache's syntax without partials, unescaped values
 * and other delimiters. A name a file may not use, a name it must use and does not, a missing file
 * or locale, a link, remote content or an invisible character is a fault.
 */
public final class TemplateFolder {

  /** The id of the template that comes with the program. */
  public static final String BUILT_IN_ID = "default";

  /** The locales of the template that comes with the program. */
  public static final Set<String> BUILT_IN_LOCALES = Set.of("en", "ru", "kk");

  static final String LAYOUT = "email.html";
  static final String SUBJECT = "subject.txt";
  static final String EMAIL = "email.txt";
  static final String SMS = "sms.txt";
  static final String FACTS = "facts.properties";

  private static final int MAX_OCTETS = 64 * 1024;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /** The files of one locale; {@code phrases} is {@link #FACTS}, parsed. */
  record LocaleFiles(String subject, String email, String sms, Map<String, String> phrases) {}

  private final String id;
  private final String layout;
  private final SortedMap<String, LocaleFiles> locales;
  private final SortedMap<String, String> files;

  private TemplateFolder(
      String id,
      String layout,
      SortedMap<String, LocaleFiles> locales,
      SortedMap<String, String> files) {
    this.id = id;
    this.layout = layout;
    this.locales = Collections.unmodifiableSortedMap(locales);
    this.files = Collections.unmodifiableSortedMap(files);
  }

  /** Loads a folder that must have every locale of the built-in template. */
  public static TemplateFolder load(Path folder) {
    return load(folder, BUILT_IN_LOCALES);
  }

  /**
   * Loads a folder; its name is the template's id.
   *
   * @param requiredLocales locales that must be there; further ones may be, and are checked alike
   * @throws TemplateException naming everything that is wrong
   */
  public static TemplateFolder load(Path folder, Set<String> requiredLocales) {
    Path name = folder.toAbsolutePath().normalize().getFileName();
    String id = name == null ? "" : name.toString();
    if (!ID.matcher(id).matches()) {
      throw new TemplateException(
          List.of(
              new TemplateProblem(
                  PlainText.oneLine(id),
                  0,
                  "a template's folder is named by letters, digits, . _ -")));
    }
    if (!Files.isDirectory(folder)) {
      throw new TemplateException(List.of(new TemplateProblem(id, 0, "no such template folder")));
    }
    return new Loader(new TemplateSource.Directory(id, folder)).load(requiredLocales);
  }

  /** The template that comes with the program. */
  public static TemplateFolder builtIn() {
    return new Loader(new TemplateSource.BuiltIn(BUILT_IN_ID, new TreeSet<>(BUILT_IN_LOCALES)))
        .load(BUILT_IN_LOCALES);
  }

  /** The name of the folder. */
  public String id() {
    return id;
  }

  /** The locales this template is written in. */
  public SortedSet<String> locales() {
    return new TreeSet<>(locales.keySet());
  }

  /**
   * Writes the files into a new folder {@code parent/newId}, for an operator to edit.
   *
   * @return that folder
   * @throws java.nio.file.FileAlreadyExistsException if there is such a folder
   */
  public Path writeTo(Path parent, String newId) throws IOException {
    Path folder = Files.createDirectory(Files.createDirectories(parent).resolve(newId));
    for (String locale : locales.keySet()) {
      Files.createDirectory(folder.resolve(locale));
    }
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    return folder;
  }

  String layout() {
    return layout;
  }

  SortedMap<String, LocaleFiles> files() {
    return locales;
  }

  /** Reads and checks everything before it complains. */
  private static final class Loader {

    private final TemplateSource source;
    private final List<TemplateProblem> problems = new ArrayList<>();
    private final SortedMap<String, String> files = new TreeMap<>();

    Loader(TemplateSource source) {
      this.source = source;
    }

    TemplateFolder load(Set<String> requiredLocales) {
      String layout = read(LAYOUT);
      checkLayout(name(LAYOUT), layout, problems);
      SortedMap<String, LocaleFiles> locales = new TreeMap<>();
      for (String locale : localeFolders(requiredLocales)) {
        locales.put(locale, locale(locale));
      }
      TemplateException.throwIfAny(problems);
      return new TemplateFolder(source.id(), layout, locales, files);
    }

    private SortedSet<String> localeFolders(Set<String> requiredLocales) {
      SortedSet<String> found = new TreeSet<>();
      try {
        found.addAll(source.folders());
      } catch (IOException e) {
        problems.add(new TemplateProblem(source.id(), 0, "cannot be listed"));
        return found;
      }
      for (String required : new TreeSet<>(requiredLocales)) {
        if (!found.contains(required)) {
          problems.add(new TemplateProblem(name(required), 0, "missing locale"));
        }
      }
      found.removeIf(folder -> {
        boolean wrong = !LocaleFallback.isTag(folder);
        if (wrong) {
          problems.add(
              new TemplateProblem(
                  name(PlainText.oneLine(folder)), 0, "is not a locale such as en or pt-BR"));
        }
        return wrong;
      });
      if (found.isEmpty() && requiredLocales.isEmpty()) {
        problems.add(new TemplateProblem(source.id(), 0, "has no locale"));
      }
      return found;
    }

    private LocaleFiles locale(String locale) {
      String subject = read(locale + "/" + SUBJECT);
      String email = read(locale + "/" + EMAIL);
      String sms = read(locale + "/" + SMS);
      checkTexts(source.id() + "/" + locale + "/", subject, email, sms, problems);
      String factsFile = locale + "/" + FACTS;
      String facts = read(factsFile);
      Map<String, String> phrases =
          files.containsKey(factsFile)
              ? FactsFile.parse(name(factsFile), facts, Locale.forLanguageTag(locale), problems)
              : Map.of();
      return new LocaleFiles(subject, email, sms, Map.copyOf(phrases));
    }

    /** The text of a file; a missing one is a problem and reads as empty. */
    private String read(String file) {
      try {
        byte[] octets = source.read(file).orElse(null);
        if (octets == null) {
          problems.add(new TemplateProblem(name(file), 0, "missing file"));
          return "";
        }
        if (octets.length > MAX_OCTETS) {
          problems.add(new TemplateProblem(name(file), 0, "is larger than 64 KiB"));
          return "";
        }
        String text =
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
        String normal =
            (text.startsWith("\uFEFF") ? text.substring(1) : text).replace("\r\n", "\n");
        if (normal.isBlank()) {
          problems.add(new TemplateProblem(name(file), 0, "is empty"));
          return "";
        }
        files.put(file, normal);
        return normal;
      } catch (CharacterCodingException e) {
        problems.add(new TemplateProblem(name(file), 0, "is not UTF-8"));
      } catch (IOException e) {
        problems.add(new TemplateProblem(name(file), 0, "cannot be read"));
      }
      return "";
    }

    private String name(String file) {
      return source.id() + "/" + file;
    }
  }

  /** Checks the texts of one locale; an empty one was reported before. */
  static void checkTexts(
      String folder, String subject, String email, String sms, List<TemplateProblem> problems) {
    if (!subject.isBlank()) {
      TemplateCheck.check(folder + SUBJECT, 1, subject, Vocabulary.SUBJECT, List.of(), problems);
      if (subject.strip().contains("\n")) {
        problems.add(new TemplateProblem(folder + SUBJECT, 2, "a subject is one line"));
      }
    }
    if (!email.isBlank()) {
      TemplateCheck.check(
          folder + EMAIL, 1, email, Vocabulary.EMAIL, Vocabulary.EMAIL_REQUIRED, problems);
    }
    if (!sms.isBlank()) {
      TemplateCheck.check(folder + SMS, 1, sms, Vocabulary.SMS, Vocabulary.SMS_REQUIRED, problems);
    }
  }

  /** Checks the layout; an empty one was reported before. */
  static void checkLayout(String file, String layout, List<TemplateProblem> problems) {
    if (layout.isBlank()) {
      return;
    }
    int before = problems.size();
    TemplateCheck.check(file, 1, layout, Vocabulary.LAYOUT, Vocabulary.LAYOUT_REQUIRED, problems);
    EmailLayout.check(file, layout, problems);
    if (problems.size() == before) {
      try {
        EmailLayout.checkWords(file, layout, problems);
      } catch (MustacheException e) {
        problems.add(
            new TemplateProblem(
                file,
                0,
                "is not a template: " + PlainText.oneLine(String.valueOf(e.getMessage()))));
      }
    }
  }
}
