package io.tocsin.cli.imports;

import io.tocsin.avro.Holding;
import io.tocsin.cli.Catalogues;
import io.tocsin.cli.CommandGroup;
import io.tocsin.cli.Progress;
import io.tocsin.cli.TocsinCommand;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.cluster.Publisher;
import io.tocsin.schemas.catalogue.Catalogue;
import io.tocsin.schemas.topic.Topics;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tocsin holdings}. */
@Command(
    name = "holdings",
    description = "Loads what datasets hold of people.",
    subcommands = HoldingsCommand.Import.class)
public final class HoldingsCommand extends CommandGroup {

  /** {@code tocsin holdings import}. */
  @Command(
      name = "import",
      description = {
        "Loads holdings from FILE, one interval a row; rows of one dataset and user are joined, and"
            + " replace what was known of them.",
        "CSV with the header dataset,userId,from,until,categories (';' between categories), or JSON"
            + " lines with the same names (.jsonl). Bad rows are named on standard error; all"
            + " others are loaded. Exits with 1 if any row was refused."
      })
  static final class Import extends TocsinCommand {

    @Parameters(paramLabel = "FILE", description = "CSV or JSON lines, UTF-8.")
    private Path file = Path.of("");

    @Mixin private RemarkPrinter remarks = new RemarkPrinter();

    @Override
    public Integer call() throws Exception {
      Catalogue catalogue = Catalogues.of(config());
      long size = new RowFile(file, HoldingRow.COLUMNS).size();
      try (Cluster cluster = Cluster.connect(config());
          Publisher<Holding> publisher = new Publisher<>(cluster, Topics.HOLDINGS_TOPIC);
          Progress progress = new Progress(err(), "Importing holdings", "bytes", 2 * size)) {
        long begun = System.nanoTime();
        ImportReport report =
            new HoldingImport(catalogue, publisher::send).run(file, progress::reach);
        publisher.flush();
        return remarks.print(file, report, System.nanoTime() - begun, out(), err());
      }
    }
  }
}
