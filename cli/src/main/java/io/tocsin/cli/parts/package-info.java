/** The commands that run one part of Tocsin, for production. */
@NullMarked
package io.tocsin.cli.parts;

import org.jspecify.annotations.NullMarked;
