package io.tocsin.schemas.id;

import io.tocsin.avro.DatasetScope;
import io.tocsin.avro.Incident;
import io.tocsin.avro.Scope;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What an approval names: a hash that changes exactly when the people or the data an incident
 * touches may change.
 */
public final class ScopeHash {

  private static final int BYTES = 8;

  private ScopeHash() {}

  /** 16 hex digits over status and scope; the order in which lists are written does not matter. */
  public static String of(Incident incident) {
    Scope scope = incident.getScope();
    String canonical =
        String.join(
            "\n",
            incident.getStatus().name(),
            scope.getDatasets().stream()
                .sorted(Comparator.comparing(DatasetScope::getDataset))
                .map(dataset ->
                    dataset.getDataset()
                        + dataset.getCategories().stream().sorted().distinct().toList())
                .collect(Collectors.joining(",")),
            millis(scope.getExposedFrom()) + ".." + millis(scope.getExposedUntil()),
            Integer.toString(scope.getEvidenceCount()),
            scope.getExceptUsers().stream().sorted().distinct().toList().toString());
    return HexFormat.of().formatHex(NoticeIds.sha256(canonical), 0, BYTES);
  }

  private static String millis(Optional<java.time.Instant> instant) {
    return instant.map(at -> Long.toString(at.toEpochMilli())).orElse("");
  }
}
