package io.tocsin.schemas.deadletter;

/** Why a record was set aside: a stable word for counting. */
public enum DeadLetterCode {
  /** The bytes are not in the Confluent wire format, or end too early or too late. */
  NOT_AVRO("not-avro"),
  /** The registry has no schema of that id. */
  UNKNOWN_SCHEMA("unknown-schema"),
  /** The schema cannot be read as the topic's own. */
  WRONG_SCHEMA("wrong-schema"),
  /** It reads well and makes no sense; the reason says why. */
  INVALID("invalid"),
  /** It failed in processing. */
  FAILED("failed");

  private final String word;

  DeadLetterCode(String word) {
    this.word = word;
  }

  /** The word as it stands in records and metrics. */
  public String word() {
    return word;
  }
}
