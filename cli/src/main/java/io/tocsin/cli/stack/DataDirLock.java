package io.tocsin.cli.stack;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second stack off a data folder. The operating system gives the lock back when the holder
 * ends, however it ends.
 */
public final class DataDirLock implements AutoCloseable {

  private final FileChannel channel;

  private DataDirLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @throws StackException if another process, or this one, holds it
   */
  public static DataDirLock take(DataDir dataDir) throws StackException {
    var file = dataDir.create().run().resolve("lock");
    try {
      var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lock(channel) == null) {
        channel.close();
        throw new StackException(
            "The data folder "
                + dataDir.root()
                + " is in use by another stack; stop that one first");
      }
      return new DataDirLock(channel);
    } catch (IOException e) {
      throw new StackException("The data folder " + dataDir.root() + " cannot be locked", e);
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
