/**
 * The chaos run: real processes, killed again and again, between providers that misbehave; what the
 * providers took is the truth that the record is held against (docs/chaos.md).
 */
@NullMarked
package io.tocsin.system.chaos;

import org.jspecify.annotations.NullMarked;
