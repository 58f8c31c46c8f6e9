package io.tocsin.streams;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * Who a process is in its consumer group, kept beside its state (KIP-345). A process that was
 * killed and comes back is the same member and takes its partitions at once, instead of after the
 * session time-out of the one that died.
 */
final class InstanceId {

  private InstanceId() {}

  /**
   * The id of whoever owns a state folder; made on first use.
   *
   * @throws PartStartException if the folder cannot be written to
   */
  static String in(Path stateDir, String applicationId) {
    Path file = stateDir.resolve(applicationId + ".instance");
    try {
      Files.createDirectories(stateDir);
      if (Files.exists(file)) {
        return Files.readString(file).strip();
      }
      String id = UUID.randomUUID().toString();
      Path whole = Files.writeString(stateDir.resolve(applicationId + ".instance.new"), id);
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
      return id;
    } catch (IOException e) {
      throw new PartStartException(
          "Cannot write to the state folder "
              + stateDir
              + "; name one that can be written to in "
              + StreamsKeys.STATE_DIR,
          e);
    }
  }
}
