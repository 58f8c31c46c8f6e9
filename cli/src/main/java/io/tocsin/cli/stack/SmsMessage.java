package io.tocsin.cli.stack;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message as a {@link TwilioStandIn} accepted it; its later statuses are kept apart.
 *
 * @param from the sender's number or name; empty when a messaging service chooses it
 * @param service the messaging service's sid, if one was given
 * @param callback where status callbacks go, if anywhere
 */
record SmsMessage(
    String sid,
    String to,
    String from,
    @Nullable String service,
    String body,
    int segments,
    @Nullable String callback,
    Instant at) {

  /** Names the message and nothing of its content. */
  @Override
  public String toString() {
    return "SmsMessage[" + sid + "]";
  }
}
