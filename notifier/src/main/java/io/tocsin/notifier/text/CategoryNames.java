package io.tocsin.notifier.text;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The operator's catalogue of categories, as far as a notice needs it.
 *
 * @param ids the categories, the most important first: notices list them in this order, and a short
 *     SMS keeps the first ones
 * @param names plain names, by locale and then by id
 */
public record CategoryNames(List<String> ids, Map<String, Map<String, String>> names) {

  public CategoryNames {
    ids = List.copyOf(new LinkedHashSet<>(ids));
    names =
        names.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, entry -> Map.copyOf(entry.getValue())));
  }
}
