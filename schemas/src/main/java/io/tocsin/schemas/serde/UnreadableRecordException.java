package io.tocsin.schemas.serde;

/** The record itself is at fault: reading it again gives the same result, so dead-letter it. */
public abstract sealed class UnreadableRecordException extends AvroSerdeException
    permits NotAvroException, UnknownSchemaException, IncompatibleSchemaException {

  UnreadableRecordException(String message) {
    super(message, null);
  }
}
