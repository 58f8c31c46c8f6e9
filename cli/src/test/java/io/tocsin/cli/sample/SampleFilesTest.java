package io.tocsin.cli.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleFilesTest {

  /** People in the committed sample. */
  private static final int COMMITTED = 60;

  /** Set to the folder of the committed sample, it is written anew; the next run then passes. */
  private static final String REWRITE = "tocsin.sample.rewrite";

  private static final SampleData SAMPLE = new SampleData(SampleData.DEFAULT_SEED, COMMITTED);

  @Test
  void shouldCommitWhatTheGeneratorWrites() throws IOException {
    // Given
    StringWriter users = new StringWriter();
    StringWriter holdings = new StringWriter();

    // When
    SampleFiles.writeUsers(SAMPLE.users(), users);
    SampleFiles.writeHoldings(SAMPLE.holdings(), holdings);

    // Then
    String rewrite = System.getProperty(REWRITE);
    if (rewrite != null) {
      Files.writeString(Path.of(rewrite, "users.csv"), users.toString());
      Files.writeString(Path.of(rewrite, "holdings.csv"), holdings.toString());
    }
    assertThat(SampleFiles.resource("users.csv")).isEqualTo(users.toString());
    assertThat(SampleFiles.resource("holdings.csv")).isEqualTo(holdings.toString());
  }

  @Test
  void shouldWriteAFolderThatCanBeImported(@TempDir Path folder) throws IOException {
    // When
    SampleFiles.write(SAMPLE, folder.resolve("sample"));

    // Then
    assertThat(folder.resolve("sample/users.csv")).content().startsWith("userId,locale,residency,");
    assertThat(folder.resolve("sample/users.csv")).content().hasLineCount(COMMITTED + 1);
    assertThat(folder.resolve("sample/holdings.csv"))
        .content()
        .startsWith("dataset,userId,from,until,categories\n");
    assertThat(folder.resolve("sample/incidents"))
        .isDirectoryContaining(file -> file.endsWith("server-loss.json"));
  }
}
