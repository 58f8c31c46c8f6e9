/**
 * The embedded stack of {@code tocsin up} and {@code tocsin demo}: real parts, each its own process
 * on 127.0.0.1, started, watched and stopped by a {@link io.tocsin.cli.stack.Supervisor}.
 */
@NullMarked
package io.tocsin.cli.stack;

import org.jspecify.annotations.NullMarked;
