/** What every running part offers an operator: health and metrics. */
@NullMarked
package io.tocsin.schemas.part;

import org.jspecify.annotations.NullMarked;
