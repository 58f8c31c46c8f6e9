package io.tocsin.schemas.serde;

import org.jspecify.annotations.Nullable;

/** The registry is at fault, or its configuration, but not the record: do not dead-letter it. */
public abstract sealed class RegistryException extends AvroSerdeException
    permits RegistryUnreachableException, RegistryRefusedException {

  RegistryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
