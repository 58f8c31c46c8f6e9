package io.tocsin.streams.identifier;

import io.tocsin.avro.Evidence;
import io.tocsin.schemas.catalogue.Catalogue;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a line of evidence. */
final class EvidenceReader {

  private static final Pattern INCIDENT_ID = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  private final Catalogue catalogue;

  EvidenceReader(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** Reads a key: the user's id; empty if there is none in UTF-8. */
  Optional<String> userId(byte @Nullable [] key) {
    if (key == null) {
      return Optional.empty();
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
      return text.isBlank() ? Optional.empty() : Optional.of(text);
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /**
   * Why the line cannot be used, naming nothing of it but fields and positions; empty if it can.
   */
  Optional<String> problem(Evidence line) {
    if (!INCIDENT_ID.matcher(line.getIncidentId()).matches()) {
      return Optional.of(
          "incidentId is not an incident's id; use letters, digits, '.', '_' and '-', at most"
              + " 100.");
    }
    if (line.getVersion() < 1) {
      return Optional.of("version is below 1; name the version whose evidenceCount counts it.");
    }
    if (!catalogue.hasDataset(line.getDataset())) {
      return Optional.of("dataset is not in the catalogue; correct it or add it there.");
    }
    List<String> categories = line.getCategories();
    if (categories.isEmpty()) {
      return Optional.of("categories is empty; name what was exposed.");
    }
    for (int i = 0; i < categories.size(); i++) {
      if (!catalogue.hasCategory(categories.get(i))) {
        return Optional.of(
            "categories[%d] is not in the catalogue; correct it or add it there.".formatted(i));
      }
    }
    return Optional.empty();
  }
}
