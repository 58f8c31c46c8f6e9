package io.tocsin.schemas.serde;

/** A record that its own schema cannot express: a defect of the program that made it. */
public final class UnwritableRecordException extends AvroSerdeException {

  UnwritableRecordException(String message) {
    super(message, null);
  }
}
