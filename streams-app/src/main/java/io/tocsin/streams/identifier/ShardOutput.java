package io.tocsin.streams.identifier;

import io.tocsin.avro.AffectedEvent;
import io.tocsin.avro.IdentificationProgress;
import io.tocsin.schemas.deadletter.DeadLetterCode;

/** Where a shard of holdings says what it has found. */
interface ShardOutput {

  /** A user is affected. */
  void affected(String userId, AffectedEvent event);

  /** To be written into every partition, behind everything said so far. */
  void endMarker(String incidentId, AffectedEvent marker);

  /** Somebody waits for what was said so far: it should be out at once, not at the next commit. */
  void hurry();

  /** How far the shard is. */
  void progress(IdentificationProgress progress);

  /** The record being processed makes no sense. */
  void setAside(DeadLetterCode code, String reason);
}
