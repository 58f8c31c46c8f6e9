package io.tocsin.cli;

import io.tocsin.schemas.catalogue.Catalogue;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.TocsinConfig;
import java.nio.file.Path;

/** The operator's catalogue. */
public final class Catalogues {

  private Catalogues() {}

  /** The catalogue that {@code catalogue.file} names, or the sample. */
  public static Catalogue of(TocsinConfig config) {
    return config
        .optional(CommonKeys.CATALOGUE_FILE)
        .map(file -> Catalogue.read(Path.of(file)))
        .orElseGet(Catalogue::sample);
  }
}
