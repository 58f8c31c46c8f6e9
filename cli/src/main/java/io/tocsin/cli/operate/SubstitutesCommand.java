package io.tocsin.cli.operate;

import io.tocsin.avro.Notice;
import io.tocsin.cli.CommandGroup;
import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.Output;
import io.tocsin.cli.Progress;
import io.tocsin.cli.TocsinCommand;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.cluster.Entry;
import io.tocsin.cli.cluster.TopicReader;
import io.tocsin.schemas.topic.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tocsin substitutes}. */
@Command(
    name = "substitutes",
    description = "The people no channel reached, for a notice by other means.",
    subcommands = SubstitutesCommand.Export.class)
public final class SubstitutesCommand extends CommandGroup {

  /** {@code tocsin substitutes export}. */
  @Command(
      name = "export",
      description = {
        "Writes the substitute-notice list as CSV: incident, userId, reference, reason.",
        "A person who can be reached again leaves the list by itself."
      })
  static final class Export extends TocsinCommand {

    private static final List<String> COLUMNS =
        List.of("incident", "userId", "reference", "reason");

    @Option(
        names = "--incident",
        paramLabel = "INCIDENT",
        description = "Only this incident's; all otherwise.")
    private @Nullable String incidentId;

    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "Where to; standard output otherwise. An existing file is refused.")
    private @Nullable Path file;

    @Override
    public Integer call() throws IOException {
      Map<String, Notice> listed = new TreeMap<>();
      try (Cluster cluster = Cluster.connect(config())) {
        TopicReader reader = cluster.reader();
        try (Progress progress =
            new Progress(err(), "Searching", "records", reader.size(Topics.NOTICES))) {
          reader.each(Topics.NOTICES, key -> true, entry -> note(entry, listed), progress::advance);
        }
      }
      List<Map<String, Object>> rows =
          listed.values().stream()
              .sorted(
                  Comparator.comparing(Notice::getIncidentId)
                      .thenComparing(Notice::getUserId)
                      .thenComparingInt(Notice::getEdition))
              .map(Export::row)
              .toList();
      if (file == null && out().format() == Output.Format.JSON) {
        out().rows(COLUMNS, rows, "");
      } else if (file == null) {
        StringWriter csv = new StringWriter();
        write(rows, csv);
        out().say(csv.toString().stripTrailing());
      } else {
        try (Writer writer = Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW)) {
          write(rows, writer);
        }
        PrintWriter err = err();
        err.println(rows.size() + " people written to " + file);
        err.flush();
      }
      return ExitCodes.OK;
    }

    private void note(Entry<Notice> entry, Map<String, Notice> listed) {
      Notice notice = entry.value();
      if (notice == null || (incidentId != null && !notice.getIncidentId().equals(incidentId))) {
        return;
      }
      if (notice.getSubstitute().isPresent()) {
        listed.put(entry.key(), notice);
      } else {
        listed.remove(entry.key());
      }
    }

    private static Map<String, Object> row(Notice notice) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("incident", notice.getIncidentId());
      row.put("userId", notice.getUserId());
      row.put("reference", notice.getReference());
      row.put("reason", notice.getSubstitute().orElse(""));
      return row;
    }

    private static void write(List<Map<String, Object>> rows, Appendable out) throws IOException {
      CSVPrinter csv =
          new CSVPrinter(
              out,
              CSVFormat.RFC4180
                  .builder()
                  .setRecordSeparator('\n')
                  .setHeader(COLUMNS.toArray(String[]::new))
                  .get());
      for (Map<String, Object> row : rows) {
        csv.printRecord(
            COLUMNS.stream().map(column -> SpreadsheetCell.of(String.valueOf(row.get(column)))));
      }
    }
  }
}
