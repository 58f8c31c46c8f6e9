package io.tocsin.cli.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.avro.Holding;
import io.tocsin.avro.Interval;
import io.tocsin.schemas.catalogue.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway") // a missing entry fails the test by itself
class HoldingImportTest {

  private static final String HEADER = "dataset,userId,from,until,categories\n";

  private final Map<String, Holding> holdings = new HashMap<>();
  private final List<String> order = new ArrayList<>();

  @TempDir private Path folder;

  @Test
  void shouldLoadARow() throws Exception {
    // When
    ImportReport report =
        run("registration,u-1,2026-03-01T00:00:00Z,2026-04-01,email; name;email\n");

    // Then
    assertThat(report.loaded()).isEqualTo(1);
    assertThat(holdings.get("registration/u-1").getIntervals())
        .containsExactly(
            Interval.newBuilder()
                .setFrom(Instant.parse("2026-03-01T00:00:00Z"))
                .setUntil(Instant.parse("2026-04-01T00:00:00Z"))
                .setCategories(List.of("email", "name"))
                .build());
  }

  @Test
  void shouldMergeTheIntervalsOfOneKeyWhereverTheyStand() throws Exception {
    // When
    ImportReport report =
        run(
            """
            registration,u-1,2026-05-01,,email
            registration,u-2,2026-01-01,,email
            registration,u-2,2026-02-01,,phone
            registration,u-1,2026-01-01,2026-02-01,name
            feedback,u-1,2026-01-01,,name
            registration,u-1,2026-05-01,,email
            """);

    // Then
    assertThat(order).doesNotHaveDuplicates().hasSize(3);
    assertThat(report.records()).isEqualTo(3);
    assertThat(holdings.get("registration/u-1").getIntervals())
        .extracting(Interval::getFrom)
        .containsExactly(
            Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-05-01T00:00:00Z"));
    assertThat(holdings.get("registration/u-2").getIntervals()).hasSize(2);
  }

  @Test
  void shouldRefuseFromAfterUntil() throws Exception {
    // When
    ImportReport report = run("registration,u-1,2026-04-01,2026-03-01,email\n");

    // Then
    assertThat(report.refused())
        .containsExactly(new ImportReport.Remark(2, "from: not before until"));
  }

  @Test
  void shouldRefuseAnUnknownDatasetOrCategory() throws Exception {
    // When
    ImportReport report =
        run(
            """
            newsletter,u-1,2026-03-01,,email
            registration,u-1,2026-03-01,,email;shoe-size
            a@example.com,u-1,2026-03-01,,email
            """);

    // Then
    assertThat(report.refused())
        .extracting(ImportReport.Remark::reason)
        .containsExactly(
            "dataset: newsletter is not in the catalogue; add it there or correct it",
            "categories: shoe-size is not in the catalogue; add it there or correct it",
            "dataset: what stands there is not in the catalogue; add it there or correct it");
    assertThat(holdings).isEmpty();
  }

  @Test
  void shouldRefuseARowWithoutCategoriesOrTime() throws Exception {
    // When
    ImportReport report = run("registration,u-1,2026-03-01,,\nregistration,u-1,yesterday,,email\n");

    // Then
    assertThat(report.refused())
        .extracting(ImportReport.Remark::reason)
        .containsExactly(
            "categories: missing; name at least one, ';' between several",
            "from: not a time such as 2026-03-01T00:00:00Z or a date such as 2026-03-01");
  }

  @Test
  void shouldReadCategoriesAsAJsonArray() throws Exception {
    // Given
    Path file =
        Files.writeString(
            folder.resolve("holdings.jsonl"),
            """
            {"dataset":"feedback","userId":"u/1","from":"2026-03-01T05:00:00+05:00","until":null,"categories":["name","email"]}
            """);

    // When
    run(file);

    // Then
    Interval interval = holdings.get("feedback/u/1").getIntervals().getFirst();
    assertThat(interval.getFrom()).isEqualTo(Instant.parse("2026-03-01T00:00:00Z"));
    assertThat(interval.getUntil()).isEmpty();
    assertThat(interval.getCategories()).containsExactly("name", "email");
  }

  private ImportReport run(String rows) throws IOException {
    return run(Files.writeString(folder.resolve("holdings.csv"), HEADER + rows));
  }

  private ImportReport run(Path file) {
    return new HoldingImport(
            Catalogue.sample(),
            (key, holding) -> {
              order.add(key);
              holdings.put(key, holding);
            })
        .run(file, position -> {});
  }
}
