package io.tocsin.notifier.text;

import java.util.Locale;

/** What became of the data; each kind has its own default words in {@code facts.properties}. */
public enum IncidentKind {
  LOSS,
  DISCLOSURE,
  ALTERATION;

  /** The kind as {@code facts.properties} spells it. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
