package io.tocsin.schemas.serde;

/**
 * The bytes are not an Avro record in the Confluent wire format: no magic byte, too short, cut off,
 * followed by something else, or not what the schema they name describes.
 */
public final class NotAvroException extends UnreadableRecordException {

  NotAvroException(String message) {
    super(message);
  }
}
