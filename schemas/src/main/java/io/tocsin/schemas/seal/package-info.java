/** Sealed contacts: whoever imports can seal, only the notifier can open. */
@NullMarked
package io.tocsin.schemas.seal;

import org.jspecify.annotations.NullMarked;
