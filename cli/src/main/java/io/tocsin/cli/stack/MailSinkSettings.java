package io.tocsin.cli.stack;

import java.nio.file.Path;

/**
 * What a {@link MailSink} keeps and refuses.
 *
 * @param mailDir the folder of the .eml files; created if missing
 * @param port the port on 127.0.0.1; 0 means any free one
 * @param maxConnections connections served at once; further ones are answered 421
 * @param fullTimes how many times a mailbox whose local part begins with {@code full} is refused
 *     with 452 4.2.2 before it accepts
 */
public record MailSinkSettings(Path mailDir, int port, int maxConnections, int fullTimes) {

  /** Allows 512 connections and refuses a full mailbox twice. */
  public static MailSinkSettings in(Path mailDir, int port) {
    return new MailSinkSettings(mailDir, port, 512, 2);
  }
}
