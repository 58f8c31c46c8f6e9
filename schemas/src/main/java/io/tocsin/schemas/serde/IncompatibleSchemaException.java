package io.tocsin.schemas.serde;

/** The record was written with a schema from which the expected type cannot be read. */
public final class IncompatibleSchemaException extends UnreadableRecordException {

  private final int schemaId;

  IncompatibleSchemaException(String message, int schemaId) {
    super(message);
    this.schemaId = schemaId;
  }

  /** The id of the schema the record was written with. */
  public int schemaId() {
    return schemaId;
  }
}
