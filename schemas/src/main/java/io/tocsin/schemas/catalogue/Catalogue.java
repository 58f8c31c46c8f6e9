package io.tocsin.schemas.catalogue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the operator holds: its datasets, and the categories of personal data in them with their
 * plain names in every language. A JSON file the operator edits; the order of categories is the
 * order in which a notice lists them.
 *
 * @param datasets datasets, in the operator's order
 * @param categories categories, most telling first
 */
public record Catalogue(List<Dataset> datasets, List<Category> categories) {

  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,99}");

  /**
   * A dataset.
   *
   * @param id lower-case letters, digits, '.', '_' and '-'; no slash, for it begins a holding's key
   * @param names what people call it, by language tag
   */
  public record Dataset(String id, Map<String, String> names) {
    public Dataset {
      requireId(id, "dataset");
      names = Map.copyOf(Objects.requireNonNullElse(names, Map.of()));
    }
  }

  /**
   * A kind of personal data.
   *
   * @param id lower-case letters, digits, '.', '_' and '-'
   * @param names its plain name by language tag, as it stands in a list in the middle of a sentence
   */
  public record Category(String id, Map<String, String> names) {
    public Category {
      requireId(id, "category");
      names = Map.copyOf(Objects.requireNonNullElse(names, Map.of()));
      if (names.isEmpty()) {
        throw new IllegalArgumentException(
            "Category " + id + " has no names; give one per language");
      }
    }
  }

  public Catalogue {
    datasets = List.copyOf(Objects.requireNonNullElse(datasets, List.of()));
    categories = List.copyOf(Objects.requireNonNullElse(categories, List.of()));
    refuseRepeats(datasets.stream().map(Dataset::id).toList(), "dataset");
    refuseRepeats(categories.stream().map(Category::id).toList(), "category");
  }

  /**
   * Reads a catalogue file.
   *
   * @throws IllegalArgumentException saying what is wrong with which entry
   */
  public static Catalogue read(Path file) {
    try {
      return parse(Files.readString(file, StandardCharsets.UTF_8), file.toString());
    } catch (IOException e) {
      throw new IllegalArgumentException("Cannot read the catalogue file " + file + ": " + e, e);
    }
  }

  /**
   * The sample catalogue: Any2text's datasets, and the categories its policy names in clauses 3.2
   * to 3.4.
   */
  public static Catalogue sample() {
    try (InputStream in =
        Objects.requireNonNull(Catalogue.class.getResourceAsStream("/catalogue.json"))) {
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), "the sample catalogue");
    } catch (IOException e) {
      throw new IllegalStateException("The sample catalogue is not on the class path", e);
    }
  }

  /** Whether the operator has a dataset of this id. */
  public boolean hasDataset(String id) {
    return datasets.stream().anyMatch(dataset -> dataset.id().equals(id));
  }

  /** Whether the operator knows a category of this id. */
  public boolean hasCategory(String id) {
    return categories.stream().anyMatch(category -> category.id().equals(id));
  }

  /** The given categories, each once, in the catalogue's order; unknown ones last. */
  public List<String> inOrder(Set<String> ids) {
    List<String> known = categories.stream().map(Category::id).filter(ids::contains).toList();
    List<String> unknown = ids.stream().filter(id -> !hasCategory(id)).sorted().toList();
    return java.util.stream.Stream.concat(known.stream(), unknown.stream()).toList();
  }

  /** Plain names of every category in a language, by category id, in the catalogue's order. */
  public Map<String, String> categoryNames(String locale) {
    Map<String, String> found = new LinkedHashMap<>();
    for (Category category : categories) {
      String name =
          Optional.ofNullable(category.names().get(locale))
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "Category " + category.id() + " has no name in language " + locale));
      found.put(category.id(), name);
    }
    return found;
  }

  private static Catalogue parse(String json, String where) {
    try {
      return new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .readValue(json, Catalogue.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "The catalogue in " + where + " cannot be read: " + e.getOriginalMessage(), e);
    }
  }

  private static void requireId(String id, String what) {
    if (id == null || !ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "A " + what + "'s id must be lower-case letters, digits, '.', '_' or '-': " + id);
    }
  }

  private static void refuseRepeats(List<String> ids, String what) {
    Set<String> seen = new HashSet<>();
    for (String id : ids) {
      if (!seen.add(id)) {
        throw new IllegalArgumentException(
            "The " + what + " " + id + " stands twice in the catalogue");
      }
    }
  }
}
