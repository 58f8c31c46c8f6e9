package io.tocsin.cli.imports;

import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.Output;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/**
 * Tells what became of an imported file: its bad rows on standard error, the sums on standard
 * output.
 */
final class RemarkPrinter {

  @Option(
      names = "--show",
      paramLabel = "N",
      defaultValue = "100",
      description = "Name at most this many bad rows; the rest are counted (at most 1000).")
  private int shown = 100;

  /** Prints, and returns the exit code. */
  int print(Path file, ImportReport report, long nanos, Output out, PrintWriter err) {
    remarks(file, "refused", report.refused(), report.refusedCount(), err);
    remarks(file, "warning", report.warnings(), report.warningCount(), err);
    if (report.withoutChannel() > 0) {
      err.println(
          file
              + ": warning: "
              + report.withoutChannel()
              + " users have neither e-mail address nor number");
    }
    err.flush();
    Map<String, Object> sums = new LinkedHashMap<>();
    sums.put("file", file.toString());
    sums.put("rows", report.rows());
    sums.put("loaded", report.loaded());
    sums.put("refused", report.refusedCount());
    sums.put("warnings", report.warningCount());
    sums.put("records", report.records());
    sums.put("milliseconds", TimeUnit.NANOSECONDS.toMillis(nanos));
    out.properties(sums);
    return report.refusedCount() > 0 ? ExitCodes.FAILED : ExitCodes.OK;
  }

  private void remarks(
      Path file, String kind, List<ImportReport.Remark> remarks, long count, PrintWriter err) {
    remarks.stream()
        .limit(shown)
        .forEach(remark ->
            err.println(file + ":" + remark.line() + ": " + kind + ": " + remark.reason()));
    long rest = count - Math.min(shown, remarks.size());
    if (rest > 0) {
      err.println(file + ": " + rest + " more: " + kind);
    }
  }
}
