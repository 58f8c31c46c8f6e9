package io.tocsin.schemas.serde;

/** No usable answer from the registry (no connection, time-out, 408, 429, 5xx): try again later. */
public final class RegistryUnreachableException extends RegistryException {

  RegistryUnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
