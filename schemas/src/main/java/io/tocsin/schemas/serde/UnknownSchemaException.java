package io.tocsin.schemas.serde;

/** The record names a schema id that the registry answered it does not have (404). */
public final class UnknownSchemaException extends UnreadableRecordException {

  private final int schemaId;

  UnknownSchemaException(String message, int schemaId) {
    super(message);
    this.schemaId = schemaId;
  }

  /** The id the record names. */
  public int schemaId() {
    return schemaId;
  }
}
