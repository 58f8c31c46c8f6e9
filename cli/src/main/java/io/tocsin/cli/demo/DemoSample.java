package io.tocsin.cli.demo;

import io.tocsin.cli.CommandException;
import io.tocsin.cli.sample.ExpectedAffected;
import io.tocsin.cli.sample.SampleData;
import io.tocsin.cli.sample.SampleFiles;
import io.tocsin.cli.sample.SampleIncident;
import io.tocsin.schemas.catalogue.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * The people and the incident of a demo, and the file of those it must reach.
 *
 * @param data the people
 * @param incidentJson the incident, as {@code incident publish} reads it
 * @param files where the sample's files go
 */
record DemoSample(SampleData data, String incidentJson, DemoFiles files) {

  private static final String SEED = "seed";
  private static final String USERS = "users";

  /** A sample with the demo's own incident. */
  static DemoSample of(long seed, int users, DemoFiles files) {
    return new DemoSample(
        new SampleData(seed, users), SampleFiles.incident(SampleFiles.INCIDENTS.getFirst()), files);
  }

  /**
   * Claims the folder for this sample: two samples in one folder would be counted against each
   * other.
   *
   * @throws CommandException if the folder holds another sample
   */
  void claim() throws IOException {
    Files.createDirectories(
        files.sample(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path marker = files.sample().resolve("sample.properties");
    Map<String, String> before = UserSettings.readIfThere(marker);
    Map<String, String> now =
        Map.of(SEED, Long.toString(data.seed()), USERS, Integer.toString(data.size()));
    if (before.isEmpty()) {
      Files.writeString(marker, SEED + "=" + data.seed() + "\n" + USERS + "=" + data.size() + "\n");
    } else if (!before.equals(now)) {
      throw CommandException.usage(
          files.data().root()
              + " holds a demo with --users "
              + before.get(USERS)
              + " --seed "
              + before.get(SEED)
              + "; use the same, or name another folder with --data");
    }
  }

  /** Writes the people whom the incident must reach. */
  long writeExpected() {
    return new ExpectedAffected(data, SampleIncident.parse(incidentJson), Catalogue.sample())
        .write(files.expected());
  }

  /** Writes the files that the import commands read. */
  Path keep() throws IOException {
    SampleFiles.write(data, files.sample());
    return files.sample();
  }
}
