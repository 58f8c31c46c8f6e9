package io.tocsin.cli.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The layout of the folder given by {@code --data}.
 *
 * @param root the folder, made absolute
 */
public record DataDir(Path root) {

  public DataDir {
    root = root.toAbsolutePath().normalize();
  }

  /** The broker's log directory. */
  public Path kafka() {
    return root.resolve("kafka");
  }

  /** The registry's database. */
  public Path registry() {
    return root.resolve("registry");
  }

  /** The state stores of the streams parts. */
  public Path state() {
    return root.resolve("state");
  }

  /** What the mail sink kept. */
  public Path mail() {
    return root.resolve("mail");
  }

  /** What the Twilio stand-in kept, one JSON object a line. */
  public Path smsLog() {
    return root.resolve("sms").resolve("messages.jsonl");
  }

  /** The output of every part. */
  public Path logs() {
    return root.resolve("logs");
  }

  /** Process ids of the running parts, and the lock. */
  public Path run() {
    return root.resolve("run");
  }

  /** The configuration that the parts were started with. */
  public Path properties() {
    return root.resolve("tocsin.properties");
  }

  /**
   * Creates what is missing.
   *
   * @throws StackException if the folder cannot be written
   */
  public DataDir create() throws StackException {
    try {
      for (var folder : List.of(kafka(), registry(), state(), mail(), logs(), run())) {
        Files.createDirectories(folder);
      }
      Files.createDirectories(root.resolve("sms"));
      return this;
    } catch (IOException e) {
      throw new StackException("The data folder " + root + " cannot be written", e);
    }
  }
}
