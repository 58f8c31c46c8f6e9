package io.tocsin.cli.stack;

import java.util.Locale;

/** A message's status in Twilio's words; the order is the order of its life. */
enum SmsStatus {
  QUEUED,
  SENDING,
  SENT,
  DELIVERED,
  UNDELIVERED;

  /** The name as the API and the log write it. */
  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean isFinal() {
    return this == DELIVERED || this == UNDELIVERED;
  }
}
