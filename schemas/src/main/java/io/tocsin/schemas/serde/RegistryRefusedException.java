package io.tocsin.schemas.serde;

import org.jspecify.annotations.Nullable;

/**
 * The registry answered no: credentials, an unregistered subject, an incompatible new schema, a
 * wrong address. Waiting does not help; somebody has to change something.
 */
public final class RegistryRefusedException extends RegistryException {

  RegistryRefusedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
