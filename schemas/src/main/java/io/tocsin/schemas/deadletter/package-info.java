/** What cannot be processed is set aside: sealed, with the reason, and counted. */
@NullMarked
package io.tocsin.schemas.deadletter;

import org.jspecify.annotations.NullMarked;
