/** What every benchmark works with: a stack of processes, a clock for people, figures. */
@NullMarked
package io.tocsin.bench;

import org.jspecify.annotations.NullMarked;
