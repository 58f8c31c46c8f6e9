/**
 * The way in: what publishers and operators write is checked, answered, and copied to whom it
 * concerns.
 */
@NullMarked
package io.tocsin.streams.intake;

import org.jspecify.annotations.NullMarked;
