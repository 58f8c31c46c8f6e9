/** Whole processes and whole-tree rules. */
@NullMarked
package io.tocsin.system;

import org.jspecify.annotations.NullMarked;
