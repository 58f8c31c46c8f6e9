package io.tocsin.streams.dispatcher;

import io.tocsin.avro.IncidentProgress;
import io.tocsin.avro.Notice;
import io.tocsin.avro.SendCommand;

/** Where a partition's words go, in the transaction of what caused them. */
interface Outbox {

  /** To the notifier. */
  void command(String userId, SendCommand command);

  /** To the record. */
  void notice(Notice notice);

  /** To whoever watches. */
  void progress(IncidentProgress progress);
}
