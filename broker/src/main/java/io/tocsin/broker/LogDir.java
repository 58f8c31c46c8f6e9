package io.tocsin.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/** Gives a log directory its cluster id and its feature levels, once in its life. */
final class LogDir {

  private LogDir() {}

  /**
   * Formats {@code dir} unless it has been.
   *
   * <p>{@code meta.properties} is the last file the formatter writes, so its presence means a whole
   * format; a first start killed half-way is formatted again.
   *
   * @throws IOException if the directory cannot be written
   */
  static void formatIfNew(Path dir) throws IOException {
    if (Files.exists(dir.resolve("meta.properties"))) {
      return;
    }
    Files.createDirectories(dir);
    var formatter =
        new Formatter()
            .setPrintStream(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
            .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
            .setNodeId(BrokerProperties.NODE_ID)
            .setClusterId(Uuid.randomUuid().toString())
            .setControllerListenerName(BrokerProperties.CONTROLLER_LISTENER)
            .setMetadataLogDirectory(dir.toString())
            .addDirectory(dir.toString())
            .setReleaseVersion(MetadataVersion.latestProduction())
            .setIgnoreFormatted(true);
    try {
      formatter.run();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot format the broker's data folder", e);
    }
  }
}
