package io.tocsin.cli.stack;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The account and the pace of a {@link TwilioStandIn}.
 *
 * @param log the append-only JSON-lines file of everything that happened
 * @param port the port on 127.0.0.1; 0 means any free one
 * @param accountSid the one account, {@code AC} and 32 hexadecimal digits
 * @param authToken its token: the password of Basic authentication and the key of callback
 *     signatures
 * @param step the time between two statuses of a message
 * @param maxCallbacks status callbacks in flight at once
 */
public record TwilioSettings(
    Path log, int port, String accountSid, String authToken, Duration step, int maxCallbacks) {

  public TwilioSettings {
    if (!accountSid.matches("AC[0-9a-f]{32}")) {
      throw new IllegalArgumentException(
          "the account sid must be AC and 32 hexadecimal digits in lower case");
    }
    if (authToken.isBlank()) {
      throw new IllegalArgumentException("the auth token must not be empty");
    }
  }

  /** Steps of 50 ms and 32 callbacks in flight. */
  public static TwilioSettings of(Path log, int port, String accountSid, String authToken) {
    return new TwilioSettings(log, port, accountSid, authToken, Duration.ofMillis(50), 32);
  }

  /** Leaves the token out. */
  @Override
  public String toString() {
    return "TwilioSettings[log=" + log + ", port=" + port + ", accountSid=" + accountSid + "]";
  }
}
