package io.tocsin.cli.imports;

import io.tocsin.avro.User;
import io.tocsin.schemas.seal.ContactSealer;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;

/**
 * Loads users from a file with the columns {@code userId,locale,residency,email,phone}. Contacts
 * are sealed before they leave this class. A user id that stands twice is loaded twice, so the
 * later row wins; two users may share an address.
 */
public final class UserImport {

  private final ContactSealer sealer;
  private final BiConsumer<String, User> sink;

  /**
   * An import.
   *
   * @param sealer one for this import alone
   * @param sink gets the users, key and value, in the file's order
   */
  public UserImport(ContactSealer sealer, BiConsumer<String, User> sink) {
    this.sealer = sealer;
    this.sink = sink;
  }

  /**
   * Reads a file.
   *
   * @param position gets the approximate number of bytes read, now and then
   * @throws io.tocsin.cli.CommandException if the file cannot be read or does not name its columns
   */
  public ImportReport run(Path file, LongConsumer position) {
    ImportReport report = new ImportReport();
    Seen seen = new Seen();
    new RowFile(file, UserRow.COLUMNS)
        .read(
            new RowFile.Visitor() {
              @Override
              public void row(Fields fields) {
                report.row();
                try {
                  load(UserRow.of(fields), fields.line(), seen, report);
                } catch (InvalidRowException e) {
                  report.refuse(fields.line(), e.reason());
                }
              }

              @Override
              public void broken(long line, String reason) {
                report.row();
                report.refuse(line, reason);
              }
            },
            position);
    return report;
  }

  private void load(UserRow row, long line, Seen seen, ImportReport report) {
    if (!seen.add(row.userId())) {
      report.warn(line, "user " + row.userId() + " stands in an earlier row too; this one wins");
    }
    if (row.contacts().isEmpty()) {
      report.noChannel();
    }
    sink.accept(row.userId(), row.seal(sealer));
    report.record();
  }
}
