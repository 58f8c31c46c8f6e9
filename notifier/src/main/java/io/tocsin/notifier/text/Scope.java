package io.tocsin.notifier.text;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The names a template may use at one place.
 *
 * @param variables names that always have a value here
 * @param sections names that may be opened here, each with what it adds inside
 */
record Scope(Set<String> variables, Map<String, Scope> sections) {

  static final Scope EMPTY = of();

  static Scope of(String... variables) {
    return new Scope(Set.of(variables), Map.of());
  }

  Scope withSections(Map<String, Scope> inner) {
    return new Scope(variables, Map.copyOf(inner));
  }

  /** The section directly below that gives {@code variable} a value, or null. */
  @Nullable String sectionOf(String variable) {
    for (Map.Entry<String, Scope> section : sections.entrySet()) {
      if (section.getValue().variables().contains(variable)
          || section.getValue().sectionOf(variable) != null) {
        return section.getKey();
      }
    }
    return null;
  }

  /** Adds the names of this scope as an operator would write them. */
  void addTo(TreeSet<String> names) {
    names.addAll(variables);
    sections.keySet().forEach(section -> names.add("#" + section));
  }
}
