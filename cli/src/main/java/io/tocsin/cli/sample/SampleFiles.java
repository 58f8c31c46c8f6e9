package io.tocsin.cli.sample;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * The sample as files that {@code users import}, {@code holdings import} and {@code incident
 * publish} read.
 */
public final class SampleFiles {

  /** Names of the sound incidents, the demo's own first. */
  public static final List<String> INCIDENTS =
      List.of("registration-copy.json", "server-loss.json", "misdirected-replies.json");

  private static final String RESOURCES = "/sample/";

  private SampleFiles() {}

  /** The JSON of a sound incident. */
  public static String incident(String name) {
    return resource("incidents/" + name);
  }

  /** The entries of a properties file of the committed sample. */
  public static Map<String, String> properties(String name) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(resource(name)));
    } catch (IOException e) {
      throw new IllegalStateException("Cannot read the sample file " + name, e);
    }
    return properties.stringPropertyNames().stream()
        .collect(Collectors.toUnmodifiableMap(key -> key, properties::getProperty));
  }

  /** Text of a file of the committed sample, by its name below {@code sample/}. */
  public static String resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(
            SampleFiles.class.getResourceAsStream(RESOURCES + name), "no sample file " + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("Cannot read the sample file " + name, e);
    }
  }

  /**
   * Writes {@code users.csv}, {@code holdings.csv} and the incidents into a folder, which is
   * created. The files hold addresses: the folder belongs beside a data folder, not in it.
   */
  public static void write(SampleData sample, Path folder) throws IOException {
    Files.createDirectories(folder.resolve("incidents"));
    try (BufferedWriter users = Files.newBufferedWriter(folder.resolve("users.csv"))) {
      writeUsers(sample.users(), users);
    }
    try (BufferedWriter holdings = Files.newBufferedWriter(folder.resolve("holdings.csv"))) {
      writeHoldings(sample.holdings(), holdings);
    }
    for (String name : INCIDENTS) {
      Files.writeString(folder.resolve("incidents").resolve(name), incident(name));
    }
  }

  /** Writes people as the CSV that {@code users import} reads. */
  public static void writeUsers(Stream<SampleUser> users, Appendable out) throws IOException {
    CSVPrinter csv = csv(out, "userId", "locale", "residency", "email", "phone");
    for (Iterator<SampleUser> all = users.iterator(); all.hasNext(); ) {
      SampleUser user = all.next();
      csv.printRecord(user.userId(), user.locale(), user.residency(), user.email(), user.phone());
    }
  }

  /**
   * Writes holdings as the CSV that {@code holdings import} reads, one row for each stretch of
   * time.
   */
  public static void writeHoldings(Stream<SampleHolding> holdings, Appendable out)
      throws IOException {
    CSVPrinter csv = csv(out, "dataset", "userId", "from", "until", "categories");
    for (Iterator<SampleHolding> all = holdings.iterator(); all.hasNext(); ) {
      SampleHolding holding = all.next();
      for (SampleInterval interval : holding.intervals()) {
        csv.printRecord(
            holding.dataset(),
            holding.userId(),
            interval.from(),
            orEmpty(interval.until()),
            String.join(";", interval.categories()));
      }
    }
  }

  private static Object orEmpty(@Nullable Object value) {
    return value == null ? "" : value;
  }

  private static CSVPrinter csv(Appendable out, String... header) throws IOException {
    return new CSVPrinter(
        out, CSVFormat.DEFAULT.builder().setRecordSeparator('\n').setHeader(header).get());
  }
}
