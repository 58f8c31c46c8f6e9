package io.tocsin.streams.identifier;

import io.tocsin.avro.AffectedEvent;
import io.tocsin.streams.state.EvidenceTally;

/** Where a partition of evidence says what it has found. */
interface EvidenceOutput {

  /** A user is affected. */
  void affected(String userId, AffectedEvent event);

  /** How far the partition is with an incident. */
  void tally(String incidentId, EvidenceTally tally);
}
