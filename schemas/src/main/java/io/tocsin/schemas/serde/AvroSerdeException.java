package io.tocsin.schemas.serde;

import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Why bytes did not become a record, or a record bytes.
 *
 * <p>A message says what happened, at which topic and schema, and what to do. It never contains
 * anything of the record, and a cause is kept only where it cannot: personal data would end in logs
 * otherwise.
 */
public abstract sealed class AvroSerdeException extends SerializationException
    permits UnreadableRecordException, UnwritableRecordException, RegistryException {

  AvroSerdeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
