/**
 * Stand-ins for the providers that misbehave by a script, message by message, as real ones do
 * (docs/chaos.md). They keep no message and log nothing: a script hears what was taken.
 */
@NullMarked
package io.tocsin.system.fault;

import org.jspecify.annotations.NullMarked;
