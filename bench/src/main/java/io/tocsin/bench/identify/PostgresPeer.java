package io.tocsin.bench.identify;

import io.tocsin.avro.Interval;
import io.tocsin.bench.Figures;
import io.tocsin.schemas.id.HoldingKey;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.BitSet;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * What people would use instead: the holdings in a table of PostgreSQL, and one {@code INSERT ...
 * SELECT} an incident. No index or key on the target, and no forced writes, as with the broker.
 */
final class PostgresPeer implements AutoCloseable {

  private static final int CHUNK = 1 << 16;

  private static final String TABLES =
      """
      CREATE TABLE holdings (
        dataset text NOT NULL,
        user_id text NOT NULL,
        held_from timestamptz NOT NULL,
        held_until timestamptz,
        categories text[] NOT NULL);
      CREATE TABLE affected (
        incident_id text NOT NULL,
        version int NOT NULL,
        dataset text NOT NULL,
        user_id text NOT NULL,
        categories text[] NOT NULL);
      """;

  private static final String INDEX =
      """
      CREATE INDEX holdings_by_dataset ON holdings (dataset, held_from);
      ANALYZE holdings;
      """;

  private static final String FAN_OUT =
      """
      INSERT INTO affected
      SELECT ?, 1, dataset, user_id, categories
      FROM holdings
      WHERE dataset = ? AND held_from < ? AND (held_until IS NULL OR held_until > ?)
      """;

  private static final String FOUND = "SELECT user_id FROM affected WHERE incident_id = ?";

  private static final int FETCH = 10_000;

  private final EmbeddedPostgres server;
  private final Connection connection;

  private PostgresPeer(EmbeddedPostgres server, Connection connection) {
    this.server = server;
    this.connection = connection;
  }

  /** Starts a server with its data in a folder. */
  static PostgresPeer start(Path folder) throws IOException, SQLException {
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder.resolve("data"))
            .setOverrideWorkingDirectory(folder.resolve("server").toFile())
            .setServerConfig("fsync", "off")
            .setServerConfig("synchronous_commit", "off")
            .setServerConfig("shared_buffers", "256MB")
            .setServerConfig("maintenance_work_mem", "256MB")
            .setServerConfig("max_wal_size", "8GB")
            .start();
    try {
      return new PostgresPeer(server, server.getPostgresDatabase().getConnection());
    } catch (SQLException e) {
      server.close();
      throw e;
    }
  }

  /** Copies the holdings in and indexes them; returns the seconds both took. */
  double ingest(Workload workload) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(TABLES);
      long begun = System.nanoTime();
      CopyIn copy =
          connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY holdings FROM STDIN");
      StringBuilder rows = new StringBuilder();
      for (int i = 0; i < workload.holdings(); i++) {
        row(rows, workload, i);
        if (rows.length() >= CHUNK) {
          write(copy, rows);
        }
      }
      write(copy, rows);
      copy.endCopy();
      statement.execute(INDEX);
      return Figures.seconds(begun, System.nanoTime());
    }
  }

  /** Finds an incident's affected; returns the seconds it took. */
  double fanOut(String incidentId, Workload workload) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FAN_OUT)) {
      statement.setString(1, incidentId);
      statement.setString(2, Workload.DATASET);
      statement.setObject(3, at(Workload.exposedUntil()));
      statement.setObject(4, at(Workload.exposedFrom()));
      long begun = System.nanoTime();
      int rows = statement.executeUpdate();
      double seconds = Figures.seconds(begun, System.nanoTime());
      BitSet found = found(incidentId);
      if (rows != workload.affected() || !found.equals(workload.affectedNumbers())) {
        throw new IllegalStateException(
            "PostgreSQL: %d rows name %d users, expected are %d"
                .formatted(rows, found.cardinality(), workload.affected()));
      }
      return seconds;
    }
  }

  private BitSet found(String incidentId) throws SQLException {
    BitSet numbers = new BitSet();
    connection.setAutoCommit(false);
    try (PreparedStatement statement = connection.prepareStatement(FOUND)) {
      statement.setFetchSize(FETCH);
      statement.setString(1, incidentId);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          numbers.set(Workload.numberOf(rows.getBytes(1)));
        }
      }
    } finally {
      connection.setAutoCommit(true);
    }
    return numbers;
  }

  @Override
  public void close() throws IOException, SQLException {
    connection.close();
    server.close();
  }

  private static void row(StringBuilder rows, Workload workload, int number) {
    HoldingKey key = workload.key(number);
    Interval interval = workload.holding(number).getIntervals().getFirst();
    rows.append(key.dataset())
        .append('\t')
        .append(key.userId())
        .append('\t')
        .append(interval.getFrom())
        .append('\t')
        .append(interval.getUntil().map(Instant::toString).orElse("\\N"))
        .append("\t{")
        .append(String.join(",", interval.getCategories()))
        .append("}\n");
  }

  private static void write(CopyIn copy, StringBuilder rows) throws SQLException {
    byte[] bytes = rows.toString().getBytes(StandardCharsets.UTF_8);
    copy.writeToCopy(bytes, 0, bytes.length);
    rows.setLength(0);
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
