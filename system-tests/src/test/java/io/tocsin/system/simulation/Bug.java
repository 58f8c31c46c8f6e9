package io.tocsin.system.simulation;

/** A mistake planted at a seam between the real parts and the simulation. */
enum Bug {
  /** None. */
  NONE,
  /** Attempts start although the commit of their intent has not been stored. */
  SEND_BEFORE_INTENT,
  /** A command counts as finished although Kafka does not have its outcome yet. */
  FINISHED_BEFORE_ACKNOWLEDGED,
  /** An incident version counts as identified when the first shard's end marker is there. */
  EARLY_BARRIER,
  /** A message goes out and is reported as EXPIRED. */
  EXPIRED_AFTER_START,
  /** An attempt that is UNKNOWN is repeated while it may still start. */
  IMMEDIATE_RESEND
}
