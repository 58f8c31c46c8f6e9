package io.tocsin.cli.operate;

import io.tocsin.avro.DatasetScope;
import io.tocsin.avro.Incident;
import io.tocsin.avro.Notice;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.cluster.Entry;
import io.tocsin.notifier.text.LocaleFallback;
import io.tocsin.notifier.text.Recipient;
import io.tocsin.schemas.catalogue.Catalogue;
import io.tocsin.schemas.topic.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** People to render samples for: what real affected people lost, without saying who they are. */
final class Samples {

  /** Stands where a notice has its reference, so that a sample cannot be taken for a notice. */
  static final String TEST_REFERENCE = "TEST-00000";

  private Samples() {}

  /**
   * One sample a language of the template.
   *
   * @return by language; with the categories of the first affected person found who reads it, else
   *     with everything the scope names
   */
  static Map<String, Recipient> of(Cluster cluster, Incident incident, NoticeWords words) {
    Set<String> locales = words.template().getLocales().keySet();
    String otherwise = words.template().getDefaultLocale();
    Map<String, List<String>> found = new HashMap<>();
    cluster
        .reader()
        .until(
            Topics.NOTICES, entry -> note(entry, incident, locales, otherwise, found), read -> {});
    List<String> all = scopeCategories(incident, words.catalogue());
    return locales.stream()
        .collect(
            Collectors.toMap(
                locale -> locale,
                locale -> recipient(locale, Optional.ofNullable(found.get(locale)).orElse(all)),
                (one, other) -> one,
                TreeMap::new));
  }

  /** A sample for somebody who reads a language. */
  static Recipient recipient(String locale, List<String> categories) {
    return new Recipient(TEST_REFERENCE, locale, categories, 1);
  }

  /** Whether to go on looking. */
  private static boolean note(
      Entry<Notice> entry,
      Incident incident,
      Set<String> locales,
      String otherwise,
      Map<String, List<String>> found) {
    Notice notice = entry.value();
    if (notice != null
        && notice.getIncidentId().equals(incident.getIncidentId())
        && !notice.getCategories().isEmpty()) {
      found.putIfAbsent(
          LocaleFallback.resolve(notice.getLocale(), locales, otherwise), notice.getCategories());
    }
    return found.size() < locales.size();
  }

  private static List<String> scopeCategories(Incident incident, Catalogue catalogue) {
    Set<String> named = new TreeSet<>();
    for (DatasetScope dataset : incident.getScope().getDatasets()) {
      named.addAll(dataset.getCategories());
    }
    return named.isEmpty()
        ? catalogue.categories().stream().map(Catalogue.Category::id).toList()
        : catalogue.inOrder(named);
  }
}
