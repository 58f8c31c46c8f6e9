/** Ids that are derived, never handed out: the same facts give the same id everywhere. */
@NullMarked
package io.tocsin.schemas.id;

import org.jspecify.annotations.NullMarked;
