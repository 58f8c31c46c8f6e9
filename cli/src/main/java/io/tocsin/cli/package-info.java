/**
 * The {@code tocsin} command: its root, the options every command has, and how commands print and
 * fail.
 */
@NullMarked
package io.tocsin.cli;

import org.jspecify.annotations.NullMarked;
