package io.tocsin.cli.imports;

import io.tocsin.avro.Holding;
import io.tocsin.avro.Interval;
import io.tocsin.schemas.catalogue.Catalogue;
import io.tocsin.schemas.id.HoldingKey;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Loads holdings from a file with the columns {@code dataset,userId,from,until,categories}, one
 * interval a row. Rows of one dataset and user become one record, wherever they stand in the file;
 * it replaces what was known of that dataset and user.
 *
 * <p>The file is read twice: first to learn which keys are scattered over it. Those are kept in
 * memory to the end; all others pass through, so that a file of any size in the order of its keys
 * needs next to none.
 */
public final class HoldingImport {

  private static final Comparator<Interval> BY_TIME =
      Comparator.comparing(Interval::getFrom)
          .thenComparing(interval -> interval.getUntil().orElse(Instant.MAX));

  private final Catalogue catalogue;
  private final BiConsumer<String, Holding> sink;

  /**
   * An import.
   *
   * @param sink gets the holdings, key and value; no key twice
   */
  public HoldingImport(Catalogue catalogue, BiConsumer<String, Holding> sink) {
    this.catalogue = catalogue;
    this.sink = sink;
  }

  /**
   * Reads a file.
   *
   * @param position gets the approximate number of bytes read, now and then; twice the file's size
   *     in all
   * @throws io.tocsin.cli.CommandException if the file cannot be read or does not name its columns
   */
  public ImportReport run(Path file, LongConsumer position) {
    RowFile rows = new RowFile(file, HoldingRow.COLUMNS);
    long size = rows.size();
    ScatteredKeys scattered = new ScatteredKeys();
    rows.read(scattered, position);
    Merger merger = new Merger(scattered);
    rows.read(merger, read -> position.accept(size + read));
    return merger.finish();
  }

  /** Finds the keys whose rows do not follow each other. */
  private static final class ScatteredKeys implements RowFile.Visitor {

    private final Seen finished = new Seen();
    private final Seen scattered = new Seen();
    private @Nullable String current;

    boolean contains(String key) {
      return scattered.contains(key);
    }

    @Override
    public void row(Fields fields) {
      String key;
      try {
        key = HoldingRow.key(fields).toString();
      } catch (InvalidRowException e) {
        return;
      }
      if (key.equals(current)) {
        return;
      }
      if (current != null) {
        finished.add(current);
      }
      if (finished.contains(key)) {
        scattered.add(key);
      }
      current = key;
    }

    @Override
    public void broken(long line, String reason) {}
  }

  /** Joins the rows of each key. */
  private final class Merger implements RowFile.Visitor {

    private final ScatteredKeys scattered;
    private final ImportReport report = new ImportReport();
    private final Map<String, List<Interval>> kept = new LinkedHashMap<>();
    private @Nullable String current;
    private List<Interval> intervals = new ArrayList<>();

    Merger(ScatteredKeys scattered) {
      this.scattered = scattered;
    }

    @Override
    public void row(Fields fields) {
      report.row();
      HoldingRow row;
      try {
        row = HoldingRow.of(fields, catalogue);
      } catch (InvalidRowException e) {
        report.refuse(fields.line(), e.reason());
        return;
      }
      HoldingKey key = row.key();
      String name = key.toString();
      if (scattered.contains(name)) {
        kept.computeIfAbsent(name, ignored -> new ArrayList<>()).add(row.interval());
        return;
      }
      if (!name.equals(current)) {
        emitCurrent();
        current = name;
      }
      intervals.add(row.interval());
    }

    @Override
    public void broken(long line, String reason) {
      report.row();
      report.refuse(line, reason);
    }

    ImportReport finish() {
      emitCurrent();
      kept.forEach(this::emit);
      return report;
    }

    private void emitCurrent() {
      if (current != null) {
        emit(current, intervals);
        current = null;
        intervals = new ArrayList<>();
      }
    }

    private void emit(String key, List<Interval> several) {
      List<Interval> sorted = several.stream().distinct().sorted(BY_TIME).toList();
      sink.accept(key, Holding.newBuilder().setIntervals(sorted).build());
      report.record();
    }
  }
}
